"""One function per question: results in, Plotly figure out. No files, no network, no words of its own."""
