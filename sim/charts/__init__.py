"""One function per question: tidy results in, Plotly figure out. No files, no network, no words of its own."""
