# tickpipe serve exec -- python3 double.py
import sys

for line in sys.stdin:
    try:
        print(f"{float(line) * 2:.3f}", flush=True)  # Without flush the EA would wait.
    except ValueError as error:
        print("ERR not_a_number", error, flush=True)
