/* cc -o double double.c && tickpipe serve exec -- ./double */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    char line[4098], *end;
    while (fgets(line, sizeof line, stdin) != NULL) {
        double price = strtod(line, &end);
        if (end != line) printf("%.3f\n", price * 2);
        else printf("ERR not_a_number found %s", line);
        fflush(stdout); /* Without it the EA would wait. */
    }
    return 0;
}
