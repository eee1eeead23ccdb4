// The least that starting programs costs: spawn-floor COUNT runs /bin/true that many times, two at once.
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

static void start(void) {
    char *arguments[] = {"/bin/true", NULL};
    pid_t pid;
    if (posix_spawn(&pid, arguments[0], NULL, NULL, arguments, environ) != 0) {
        perror(arguments[0]);
        exit(1);
    }
}

int main(int count, char **arguments) {
    int left = count > 1 ? atoi(arguments[1]) : 1000;
    int running = 0;
    while (left > 0 || running > 0) {
        while (left > 0 && running < 2) {
            start();
            left -= 1;
            running += 1;
        }
        if (wait(NULL) > 0) {
            running -= 1;
        }
    }
    return 0;
}
