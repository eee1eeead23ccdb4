// The zygote: a process of the program that has set up what every worker needs, and is forked for each of them. A fork of it is
// ready in a fraction of the time that a worker takes which has to do all that by itself.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// MARK: The keeper's side

bool flowmancer_zygote_fork(struct flowmancer_zygote *zygote, const sigset_t *signals) {
    *zygote = (struct flowmancer_zygote){.socket = -1};
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0) {
        return false;
    }
    pid_t keeper = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        flowmancer_become_zygote(keeper, sockets[1], signals);
        close(sockets[0]);
        close(sockets[1]);
        return true;
    }
    close(sockets[1]);
    if (pid < 0) {
        close(sockets[0]);
        return false;
    }
    *zygote = (struct flowmancer_zygote){.pid = pid, .socket = sockets[0], .born = flowmancer_now()};
    return false;
}

void flowmancer_zygote_abandon(struct flowmancer_zygote *zygote) {
    if (zygote->pid > 0) {
        kill(zygote->pid, SIGKILL);
        while (waitpid(zygote->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    // What it had said of its workers is still to be read.
    zygote->pid = 0;
    zygote->is_ready = false;
}

bool flowmancer_zygote_listen(
    struct flowmancer_zygote *zygote, int64_t milliseconds, struct flowmancer_keeper_message *message) {
    // In slices: time in which this process stood still, too, says nothing about the zygote.
    enum { SLICE_MS = 100 };
    for (int64_t left = milliseconds;;) {
        int64_t slice = left < SLICE_MS ? left : SLICE_MS;
        struct pollfd source = {zygote->socket, POLLIN, 0};
        int ready = poll(&source, 1, (int)slice);
        if (ready > 0) {
            struct flowmancer_descriptors none;
            if (flowmancer_receive(zygote->socket, message, &none)) {
                return true;
            }
            flowmancer_zygote_abandon(zygote);
            close(zygote->socket);
            zygote->socket = -1;
            return false;
        }
        left -= slice;
        if ((ready == 0 && left <= 0) || (ready < 0 && errno != EINTR)) {
            return false;
        }
    }
}

// MARK: The zygote's side

static bool is_zygote;
static sigset_t worker_signals;
static struct flowmancer_roster children;

void flowmancer_become_zygote(pid_t keeper, int socket, const sigset_t *signals) {
    is_zygote = true;
    worker_signals = *signals;
    prctl(PR_SET_NAME, "flow-zygote");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper) {
        _exit(0);
    }
    dup3(socket, FLOWMANCER_SOCKET, O_CLOEXEC);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, signals, NULL);
}

int flowmancer_is_zygote(void) {
    return is_zygote;
}

static void tell(uint32_t kind, uint32_t number, pid_t pid, int status) {
    struct flowmancer_keeper_message message = {kind, number, pid, status};
    ssize_t sent;
    do {
        sent = send(FLOWMANCER_SOCKET, &message, sizeof message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
}

static void reap(void) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        struct flowmancer_worker *child = flowmancer_roster_living(&children, pid);
        if (child != NULL) {
            tell(FLOWMANCER_WORKER_ENDED, child->number, pid, status);
            flowmancer_roster_remove(&children, child);
        }
    }
}

// Returns true in the new worker.
static bool start(uint32_t number, int slot, struct flowmancer_descriptors descriptors) {
    if (descriptors.count == 0 || !flowmancer_roster_reserve(&children)) {
        tell(FLOWMANCER_WORKER_REFUSED, number, 0, descriptors.count == 0 ? EMFILE : ENOMEM);
        flowmancer_close_descriptors(descriptors);
        return false;
    }
    pid_t self = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        is_zygote = false;
        flowmancer_roster_leave(&children);
        flowmancer_become_worker(self, slot, descriptors, &worker_signals);
        return true;
    }
    if (pid < 0) {
        tell(FLOWMANCER_WORKER_REFUSED, number, 0, errno);
    } else {
        flowmancer_roster_add(&children, (struct flowmancer_worker){.number = number, .pid = pid});
        tell(FLOWMANCER_WORKER_STARTED, number, pid, 0);
    }
    flowmancer_close_descriptors(descriptors);
    return false;
}

static void note_child(int signal) {
    // It only has to interrupt ppoll.
    (void)signal;
}

void flowmancer_zygote_serve(void) {
    // A thread that was waited for is listed for a moment longer.
    struct timespec pause = {0, 100000};
    for (int tries = 0; !flowmancer_is_pristine(); tries += 1) {
        if (tries == 100) {
            _exit(0);
        }
        nanosleep(&pause, NULL);
    }
    flowmancer_flush_streams();
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    struct sigaction action = {.sa_handler = note_child};
    sigaction(SIGCHLD, &action, NULL);
    tell(FLOWMANCER_ZYGOTE_READY, 0, 0, 0);
    for (;;) {
        reap();
        struct pollfd source = {FLOWMANCER_SOCKET, POLLIN, 0};
        if (ppoll(&source, 1, NULL, &worker_signals) <= 0) {
            continue;
        }
        struct flowmancer_keeper_message message;
        struct flowmancer_descriptors descriptors;
        if (!flowmancer_receive(FLOWMANCER_SOCKET, &message, &descriptors)) {
            _exit(0);
        }
        if (message.kind == FLOWMANCER_START_WORKER) {
            if (start(message.worker, message.status, descriptors)) {
                return;
            }
        } else if (message.kind == FLOWMANCER_KILL_WORKER) {
            struct flowmancer_worker *child = flowmancer_roster_numbered(&children, message.worker);
            if (child != NULL) {
                kill(child->pid, SIGKILL);
            }
        }
    }
}
