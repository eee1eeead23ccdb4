#define _GNU_SOURCE
#include "shim_host.h"

#include <command.h>
#include <fcntl.h>
#include <limits.h>
#include <shim.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

pid_t shim_host_start(int socket, const int *pipes) {
    static char buffer[PATH_MAX];
    const char *app_root = flowmancer_app_root(buffer, sizeof buffer);
    // Nothing below takes a lock that another thread might have.
    pid_t pid = _Fork();
    if (pid != 0) {
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    // Out of the way first: descriptors may have any number.
    int given[] = {
        fcntl(socket, F_DUPFD, 10), fcntl(pipes[0], F_DUPFD, 10), fcntl(pipes[1], F_DUPFD, 10), fcntl(pipes[2], F_DUPFD, 10),
        fcntl(pipes[3], F_DUPFD, 10)};
    dup2(open("/dev/null", O_RDONLY), 0);
    dup2(given[1], 1);
    dup2(given[2], 2);
    dup3(given[0], 3, O_CLOEXEC);
    dup3(given[3], 4, O_CLOEXEC);
    dup3(given[4], 5, O_CLOEXEC);
    close_range(6, ~0U, 0);
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < NSIG; signal += 1) {
        sigaction(signal, &action, NULL);
    }
    sigset_t none;
    sigemptyset(&none);
    flowmancer_serve_commands(app_root, &none);
}
