"""Back-test: what the model would have forecast from each past year, beside what was counted and two naive forecasts.

`known` cuts the facts, `books` reads the past with them, `process` and `futures` say what may come, `forecast` simulates
it, `table` scores it, `run` does all of it for every year.
"""
