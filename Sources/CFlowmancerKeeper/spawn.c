// The engine's side: starting the keeper and talking to it.
#define _GNU_SOURCE
#include "keeper.h"
#include "keeper_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static char **saved_arguments;

void flowmancer_save_arguments(char **arguments) {
    saved_arguments = arguments;
}

int flowmancer_keeper_spawn(int control, uint64_t open_files, const char *directory, pid_t *pid) {
    size_t count = 0;
    while (environ[count] != NULL) {
        count += 1;
    }
    char **environment = calloc(count + 2, sizeof(char *));
    if (environment == NULL) {
        return ENOMEM;
    }
    char marker[96];
    snprintf(marker, sizeof marker, "%s=%llu:%d", FLOWMANCER_KEEPER_VARIABLE, (unsigned long long)open_files, (int)getpid());
    memcpy(environment, environ, count * sizeof(char *));
    environment[count] = marker;

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    posix_spawn_file_actions_adddup2(&actions, control, FLOWMANCER_SOCKET);
    if (directory != NULL) {
        posix_spawn_file_actions_addchdir_np(&actions, directory);
    }

    // A session of its own: the terminal's Ctrl-C is the engine's business.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);

    char *fallback[] = {"flowmancer", NULL};
    char **arguments = saved_arguments != NULL ? saved_arguments : fallback;
    int result = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, arguments, environment);

    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    return result;
}

int flowmancer_keeper_fork(uint64_t open_files, const char *directory, pid_t *pid, int *control) {
    if (!flowmancer_is_pristine()) {
        return EBUSY;
    }
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
        return errno;
    }
    // Otherwise the child would write it once more.
    flowmancer_flush_streams();
    pid_t engine = getpid();
    *pid = fork();
    if (*pid == 0) {
        close(sockets[0]);
        flowmancer_become_keeper(engine, sockets[1], open_files, directory);
        return 0;
    }
    int result = *pid < 0 ? errno : 0;
    close(sockets[1]);
    if (result != 0) {
        close(sockets[0]);
    }
    *control = sockets[0];
    return result;
}

static int start(enum flowmancer_keeper_kind kind, int control, uint32_t worker, const int *descriptors, int count) {
    struct flowmancer_keeper_message message = {.kind = kind, .worker = worker};
    struct flowmancer_descriptors sent = {.count = count};
    memcpy(sent.numbers, descriptors, (size_t)count * sizeof(int));
    return flowmancer_send(control, message, &sent);
}

int flowmancer_keeper_start_worker(int control, uint32_t worker, const int *descriptors, int count) {
    return start(FLOWMANCER_START_WORKER, control, worker, descriptors, count);
}

int flowmancer_keeper_start_shim(int control, uint32_t worker, const int *descriptors, int count) {
    return start(FLOWMANCER_START_SHIM, control, worker, descriptors, count);
}

void flowmancer_keeper_end_zygote(int control) {
    struct flowmancer_keeper_message message = {.kind = FLOWMANCER_END_ZYGOTE};
    flowmancer_send(control, message, NULL);
}

int flowmancer_keeper_kill_worker(int control, uint32_t worker) {
    struct flowmancer_keeper_message message = {.kind = FLOWMANCER_KILL_WORKER, .worker = worker};
    return flowmancer_send(control, message, NULL);
}

int flowmancer_keeper_await(pid_t pid) {
    // Keeper and guard may both have something to end.
    enum { PATIENCE_MS = 2 * FLOWMANCER_END_PATIENCE_MS + 1000 };
    struct pollfd end = {(int)syscall(SYS_pidfd_open, pid, 0), POLLIN, 0};
    if (end.fd >= 0) {
        int ready;
        do {
            ready = poll(&end, 1, PATIENCE_MS);
        } while (ready < 0 && errno == EINTR);
        if (ready == 0) {
            kill(pid, SIGKILL);
        }
        close(end.fd);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

double flowmancer_processor_seconds(pid_t pid) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) {
        return 0;
    }
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
