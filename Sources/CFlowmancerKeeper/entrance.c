// How a process becomes the keeper: forked by the engine, or executed anew.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void flowmancer_close_from(int first) {
    if (close_range((unsigned)first, ~0U, 0) == 0) {
        return;
    }
    // Not every kernel has that call. This one takes a descriptor, which there may not be.
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int descriptor = atoi(entry->d_name);
        if (descriptor >= first && descriptor != dirfd(directory)) {
            close(descriptor);
        }
    }
    closedir(directory);
}

// Becomes the keeper of an engine. Returns only in a worker or a zygote.
static void enter(pid_t engine, uint64_t open_files) {
    if (engine != getppid()) {
        _exit(0); // The engine is gone already.
    }
    fcntl(FLOWMANCER_SOCKET, F_SETFD, FD_CLOEXEC);
    // What the engine's process had open and did not mark as close-on-exec: workers must not reach it.
    flowmancer_close_from(FLOWMANCER_SOCKET + 1);
    flowmancer_note_open();
    flowmancer_worker_traits.open_files = open_files;
    flowmancer_worker_traits.title = flowmancer_program_name();
    flowmancer_leave_guard_behind(engine);
    flowmancer_make_slots();
    flowmancer_keep(engine);
}

void flowmancer_become_keeper(pid_t engine, int control, uint64_t open_files, const char *directory) {
    // A session of its own: the terminal's Ctrl-C is the engine's business.
    setsid();
    for (int signal = 1; signal < NSIG; signal += 1) {
        struct sigaction action;
        if (sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN) {
            action.sa_handler = SIG_DFL;
            sigaction(signal, &action, NULL);
        }
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // Out of the way first: descriptors may have any number.
    control = fcntl(control, F_DUPFD, FLOWMANCER_SOCKET + 1);
    int input = open("/dev/null", O_RDONLY), output = open("/dev/null", O_WRONLY);
    dup2(input, 0);
    dup2(output, 1);
    dup2(output, 2);
    dup2(control, FLOWMANCER_SOCKET);
    if (chdir(directory) != 0) {
        _exit(1);
    }
    enter(engine, open_files);
}

// Nothing that is opened later may become a standard stream.
static void open_standard_streams(void) {
    for (int stream = 0; stream <= 2; stream += 1) {
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
            // The lowest free number: this one. Not for writing: who prints to a closed stream is to hear of it.
            open("/dev/null", O_RDONLY);
        }
    }
}

__attribute__((constructor)) static void start(int argument_count, char **arguments, char **environment) {
    (void)argument_count;
    (void)environment;
    open_standard_streams();
    flowmancer_note_beginning(arguments);
    const char *marker = getenv(FLOWMANCER_KEEPER_VARIABLE);
    if (marker == NULL) {
        return;
    }
    unsigned long long open_files = 0;
    int engine = 0;
    int fields = sscanf(marker, "%llu:%d", &open_files, &engine);
    unsetenv(FLOWMANCER_KEEPER_VARIABLE);
    struct stat status;
    if (fields != 2 || fstat(FLOWMANCER_SOCKET, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return; // Not started by an engine: somebody exported the variable.
    }
    enter((pid_t)engine, open_files);
}
