// Runs a command and says what it cost, all its processes together: measure FILE COMMAND [ARGUMENT...]
//
// The file gets: seconds from the start to the command's end, seconds of processor time in user mode and in the kernel,
// the peak memory of the largest process in kilobytes, and the exit code (128 and more: a signal).
//
// This is a program of its own since memory counts from before exec: started from a large process, every command would
// seem to be as large as that.
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: measure FILE COMMAND [ARGUMENT...]\n");
        return 64;
    }
    // Helpers that outlive the command are waited for, and counted, too.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    double begin = now();
    pid_t pid = fork();
    if (pid == 0) {
        execvp(arguments[2], arguments + 2);
        perror(arguments[2]);
        _exit(127);
    }
    if (pid < 0) {
        perror("fork");
        return 1;
    }
    int status = 0;
    while (waitpid(pid, &status, 0) != pid) {
    }
    double end = now();
    while (wait(NULL) > 0) {
    }
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    FILE *file = fopen(arguments[1], "w");
    if (file == NULL) {
        perror(arguments[1]);
        return 1;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    fprintf(
        file, "%.6f %.6f %.6f %ld %d\n", end - begin, seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss,
        code);
    return fclose(file) == 0 ? 0 : 1;
}
