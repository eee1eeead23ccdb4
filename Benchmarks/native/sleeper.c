// Says that it runs, and then waits to be ended: sleeper FILE writes a byte to a named pipe.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int count, char **arguments) {
    int file = count == 2 ? open(arguments[1], O_WRONLY) : -1;
    if (file < 0 || write(file, "x", 1) != 1) {
        perror("sleeper FILE");
        return 1;
    }
    for (;;) {
        pause();
    }
}
