#!/bin/sh
# Stands in for MetaEditor: reads its options, and behaves as the file `way` beside the MQL folder says.
for word; do
    case $word in
        /compile:\"*\") source=${word#*\"}; source=${source%\"} ;;
        /include:\"*\") include=${word#*\"}; include=${include%\"} ;;
        /log:\"*\") log=${word#*\"}; log=${log%\"} ;;
        *) exit 3 ;;
    esac
done
test -f "$include/Include/TickPipe/Line.mqh" && test -f "$source" || exit 4
made=${source%.mq5}.ex5
fine='Result: 0 errors, 0 warnings, 1 ms elapsed'
case $(cat "$include/../way") in
    good) echo "$fine" >"$log"; echo new >"$made" ;;
    warns) printf 'A.mq5(1,2) : warning 43: loss\nResult: 0 errors, 1 warnings\n' >"$log"; echo new >"$made" ;;
    errors) printf 'A.mq5(1,2) : error 256: undeclared\nResult: 1 errors, 0 warnings\n' >"$log"; exit 0 ;;
    no-log) echo new >"$made" ;;
    none) echo "$fine" >"$log" ;;
    hang) sleep 3600 ;;
esac
# As MetaEditor's, it says nothing.
exit 1
