#include <stdio.h>
#include <stdlib.h>

#if defined MODERN && __STDC_VERSION__ < 201112L
#error "this needs C11"
#endif

int main(int count, char **arguments) {
    long sum = 0;
    for (int index = 1; index < count; index++) sum += strtol(arguments[index], NULL, 10);
    printf("%ld\n", sum);
    return 0;
}
