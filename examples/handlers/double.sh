#!/bin/sh
# tickpipe serve exec -- sh double.sh
while IFS= read -r line; do
    case $line in
    '' | *[!0-9.]*) echo "ERR not_a_number found $line" ;;
    *) awk -v price="$line" 'BEGIN { printf "%.3f\n", price * 2 }' ;;
    esac
done
