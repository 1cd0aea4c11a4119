"""Doorstroom: how pupils flow into, through and out of special education."""
