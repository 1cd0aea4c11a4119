"""Giving seats: to whom a free seat is offered, at once when it comes free or on the day of a matching."""

from __future__ import annotations

from heapq import heappop
from typing import TYPE_CHECKING

from sim.model.cells import Cell, Entry
from sim.model.draws import Purpose
from sim.model.pupil import Pupil

if TYPE_CHECKING:
    from sim.model.world import World


class Seats:
    """Offers of seats, and the answers.

    Attributes:
        freed: Cells in which a seat came free and was not offered yet.
        matching_day: Seats that come free wait for the matching of this moment.
        asks_yes: Per special type, whether parents and school are asked.
        refused: Places that refused a child on a list, or that its parents refused, since the last 1 August.
        inspections: List entries looked at.
    """

    def __init__(self, world: World) -> None:
        """Nothing is free yet."""
        self.world, self.env, self.rules, self.draws = world, world.env, world.rules, world.draws
        self.freed: list[Cell] = []
        self.matching_day = False
        self.asks_yes = [r.model.list.accept is not None and world.on.offers_refused for r in world.rules]
        self.refused: dict[int, set[int]] = {}
        self.inspections = 0

    def try_now(self, p: Pupil, choice: Cell) -> bool:
        """At once a seat where there is one: first choice, else elsewhere when willing."""
        for cell in (choice, *self.world.listing.elsewhere(p, choice)) if p.elsewhere else (choice,):
            if (
                cell.present < cell.seats
                and not self._live(cell.own)
                and (cell is choice or self.talked(cell))
            ):
                self.inspections += 1
                if self.offer(p, cell):
                    return True
        return False

    def serve(self, cell: Cell, *, own_only: bool = False) -> None:
        """Offer free seats of a cell to its own list, then to children who would also come here.

        With one list for all schools, and in groups that two types share, both lists are one list by date.
        """
        rule = self.world.policy[cell.type]
        if rule.one_list or cell.place in rule.guests:
            self._serve_by_date(cell)
            return
        sure = not self.asks_yes[cell.type]
        for heap in (cell.own,) if own_only else (cell.own, cell.others):
            while heap and cell.present < cell.seats and cell.open:
                item = heappop(heap)
                self.inspections += 1
                p = item[5]
                if p.token != item[4]:  # it left this list before
                    continue
                if sure:
                    self.world.place(p, cell)
                else:
                    self.offer(p, cell)

    def _serve_by_date(self, cell: Cell) -> None:
        while cell.present < cell.seats and cell.open:
            heaps = [heap for heap in (cell.own, cell.others) if self._live(heap)]
            if not heaps:
                return
            self.inspections += 1
            self.offer(heappop(min(heaps, key=lambda heap: heap[0][:4]))[5], cell)

    def _live(self, heap: list[Entry]) -> bool:
        while heap and heap[0][5].token != heap[0][4]:
            self.inspections += 1
            heappop(heap)
        return bool(heap)

    def match(self, types: list[int], *, talked: bool = True) -> None:
        """The matching of a placement moment: first choices first, then elsewhere, then the seats that this frees.

        Seats that come free at types that are not matched now are left for when those are.

        Args:
            types: Types whose seats are given out.
            talked: Schools have talked about every child, so that no seat is kept for the own list.
        """
        self.matching_day = True
        ordered = sorted(types, key=lambda t: (self.rules[t].model.order, t))
        together = {t for t in ordered if self.world.policy[t].one_list}
        if together:
            self._match_one_list(together)
        cells = [c for t in ordered for c in self.world.cells_of[t] if t not in together]
        for cell in cells:
            if cell.place not in self.world.policy[cell.type].guests:
                self.serve(cell, own_only=True)
        for cell in cells:
            self.serve(cell, own_only=not talked and not self.talked(cell))
        self.serve_freed(types)
        self.matching_day = False

    def _match_one_list(self, types: set[int]) -> None:
        """Children of types with one list, all together in order: each gets its first choice, else a seat elsewhere."""
        waiting = [p for p in self.world.active if p.want in types and p.want_choice is not None]
        for p in [
            item[5]
            for item in sorted((self.world.listing.entry(p, p.want) for p in waiting), key=lambda e: e[:4])
        ]:
            choice = p.want_choice
            assert choice is not None
            refused = self.refused.get(p.index, ())
            for cell in (choice, *self.world.listing.elsewhere(p, choice)) if p.elsewhere else (choice,):
                mine = (
                    cell.type in types and cell.place not in refused
                )  # others: later, by date with their own list
                if mine and cell.open and cell.present < cell.seats:
                    self.inspections += 1
                    if self.offer(p, cell):
                        break
        self.world.listing.list_anew(types)

    def serve_freed(self, types: list[int]) -> None:
        """Serve seats of these types that came free by moving on, until nothing more moves."""
        others = []
        while self.freed:
            cell = self.freed.pop()
            if cell.type in types:
                self.serve(cell)
            else:
                others.append(cell)
        self.freed = others

    def settle(self) -> None:
        """Serve the seats that came free, until nothing more moves (unless this is the day of the matching)."""
        if self.matching_day:
            return
        while self.freed:
            cell = self.freed.pop()
            if not self.world.policy[cell.type].at_once:
                continue
            talked = self.talked(cell)
            self.serve(cell, own_only=not talked)
            if not talked and cell.present < cell.seats:
                self.world.at(
                    self.env.now + self.world.policy[cell.type].talks,
                    self.world.free_rank,
                    self._after_talks,
                    cell,
                )

    def talked(self, cell: Cell) -> bool:
        """True when schools have had the time to talk about a free seat (and when they need none)."""
        rule = self.world.policy[cell.type]
        return not rule.talks or rule.one_list or cell.vacant_since + rule.talks <= self.env.now

    def _after_talks(self, cell: Cell) -> None:
        """A seat that no child of the own list took is offered to children of other lists."""
        self.serve(cell)
        self.settle()

    def offer(self, p: Pupil, cell: Cell) -> bool:
        """Offer a seat and give it, unless the answer is no."""
        chance = self.world.policy[cell.type].accept
        if self.asks_yes[cell.type]:
            refused = self.world.approaches.city("refusal", self.rules[cell.type].id)
            if refused != 1.0:
                chance = 1.0 - (1.0 - chance) * refused
            u = p.next_offer if p.next_offer >= 0 else self.draws.one(Purpose.OFFER, p.hi, p.lo, p.offers)
            p.offers, p.next_offer, accepted = p.offers + 1, -1.0, u < chance
            self.world.log.offers.extend((self.env.now, p.index, cell.place, accepted, cell is p.want_choice))
            if not accepted:
                self.refused.setdefault(p.index, set()).add(cell.place)
                return False
        self.world.place(p, cell)
        return True

    def forget_refusals(self) -> None:
        """A new school year: a school that was refused may be offered again."""
        self.refused.clear()
