// The keeper at work: it starts workers, tells the engine of their ends, and leaves nothing behind.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <command.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct flowmancer_roster roster;
static struct flowmancer_zygote zygote = {.socket = -1};
static volatile sig_atomic_t is_told_to_end;

int64_t flowmancer_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void report(uint32_t kind, uint32_t number, pid_t pid, int status) {
    struct flowmancer_keeper_message message = {kind, number, pid, status};
    const char *bytes = (const char *)&message;
    size_t sent = 0;
    while (sent < sizeof message) {
        ssize_t count = send(FLOWMANCER_SOCKET, bytes + sent, sizeof message - sent, MSG_NOSIGNAL);
        if (count > 0) {
            sent += (size_t)count;
        } else if (errno != EINTR) {
            return; // The engine is gone; the loop notices.
        }
    }
}

static bool is_no_orphan(pid_t pid) {
    return pid == zygote.pid || flowmancer_roster_living(&roster, pid) != NULL;
}

// Takes note of the end of a worker. Returns whether it may have left processes behind.
static bool note_end(struct flowmancer_worker *worker, int status) {
    if (worker == NULL) {
        return true;
    }
    worker->ended = flowmancer_now();
    worker->status = status;
    return !flowmancer_give_slot_back(worker->slot);
}

// Collects the dead. Returns whether orphans may be left that have to be looked for.
static bool reap(void) {
    bool suspicious = false;
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid == zygote.pid) {
            // Its workers end with it, and are collected here.
            zygote.pid = 0;
            zygote.is_ready = false;
            // The program may have started something before it came to be one.
            suspicious = true;
        } else {
            suspicious |= note_end(flowmancer_roster_living(&roster, pid), status);
        }
    }
    return suspicious;
}

// Takes in what the zygote says of its own accord. Returns whether orphans may be left that have to be looked for.
static bool heed(struct flowmancer_keeper_message message) {
    switch (message.kind) {
    case FLOWMANCER_ZYGOTE_READY:
        zygote.is_ready = true;
        return false;
    case FLOWMANCER_WORKER_ENDED:
        return note_end(flowmancer_roster_numbered(&roster, message.worker), message.status);
    default:
        return false;
    }
}

// Takes note of workers whose end was lost with the zygote, once all that it had said is known. Returns whether orphans may
// be left that have to be looked for.
static bool note_lost(void) {
    bool suspicious = false;
    for (size_t index = 0; index < roster.count; index += 1) {
        struct flowmancer_worker *worker = &roster.workers[index];
        siginfo_t information;
        bool is_child = waitid(P_PID, (id_t)worker->pid, &information, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
        if (worker->ended == 0 && !worker->is_own && !is_child) {
            suspicious |= note_end(worker, SIGKILL);
        }
    }
    return suspicious;
}

// Tells the engine of ended workers, once nothing of them is left.
static void report_ended(bool has_orphans) {
    size_t kept = 0;
    for (size_t index = 0; index < roster.count; index += 1) {
        struct flowmancer_worker worker = roster.workers[index];
        bool is_due = !has_orphans || flowmancer_now() - worker.ended > FLOWMANCER_ORPHAN_PATIENCE_MS;
        if (worker.ended != 0 && is_due) {
            report(FLOWMANCER_WORKER_ENDED, worker.number, worker.pid, worker.status);
        } else {
            // Memory that is not written to is shared with the shims that were forked since.
            if (kept != index) {
                roster.workers[kept] = worker;
            }
            kept += 1;
        }
    }
    roster.count = kept;
}

void flowmancer_kill_everything(void) {
    // Its workers become children of this process.
    flowmancer_zygote_abandon(&zygote);
    for (size_t index = 0; index < roster.count; index += 1) {
        if (roster.workers[index].ended == 0 && roster.workers[index].is_own) {
            kill(roster.workers[index].pid, SIGKILL);
        }
    }
    roster.count = 0;
    struct timespec pause = {0, 1000000};
    // A process that the kernel does not let die, or that belongs to another user, is not waited for without end.
    for (int64_t deadline = flowmancer_now() + FLOWMANCER_END_PATIENCE_MS; flowmancer_now() < deadline;) {
        flowmancer_kill_orphans(is_no_orphan);
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
        if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD) {
            return;
        }
        nanosleep(&pause, NULL);
    }
}

// Whether the zygote is there and ready. While it is being set up, that is waited for, but not for long.
static bool can_use_zygote(bool *is_suspicious) {
    struct flowmancer_keeper_message message;
    while (zygote.pid > 0 && !zygote.is_ready) {
        int64_t left = zygote.born + FLOWMANCER_ZYGOTE_WARMUP_MS - flowmancer_now();
        if (left <= 0 || !flowmancer_zygote_listen(&zygote, left, &message)) {
            return false;
        }
        *is_suspicious |= heed(message);
    }
    return zygote.is_ready;
}

// Has the zygote start a worker. Returns its process; 0 if the zygote is of no use; the negative of an errno if the
// system refuses.
static pid_t fork_zygote(uint32_t number, int slot, const struct flowmancer_descriptors *descriptors, bool *is_suspicious) {
    struct flowmancer_keeper_message message = {.kind = FLOWMANCER_START_WORKER, .worker = number, .status = slot};
    if (flowmancer_send(zygote.socket, message, descriptors) != 0) {
        flowmancer_zygote_abandon(&zygote);
        return 0;
    }
    while (flowmancer_zygote_listen(&zygote, FLOWMANCER_ZYGOTE_PATIENCE_MS, &message)) {
        if (message.kind == FLOWMANCER_WORKER_STARTED) {
            return message.value;
        }
        if (message.kind == FLOWMANCER_WORKER_REFUSED) {
            return -message.status;
        }
        *is_suspicious |= heed(message);
    }
    // Stopped, or gone.
    flowmancer_zygote_abandon(&zygote);
    return 0;
}

// Takes a process, or the negative of an errno, for a worker that was asked for.
static void add_worker(struct flowmancer_worker worker) {
    if (worker.pid < 0) {
        flowmancer_give_slot_back(worker.slot);
        report(FLOWMANCER_WORKER_REFUSED, worker.number, 0, -worker.pid);
    } else {
        flowmancer_roster_add(&roster, worker);
        report(FLOWMANCER_WORKER_STARTED, worker.number, worker.pid, 0);
    }
}

// Returns true in the new worker.
static bool start_worker(
    uint32_t number, const struct flowmancer_descriptors *descriptors, const sigset_t *signals, bool *is_suspicious) {
    int slot = flowmancer_take_slot();
    bool is_own = false;
    pid_t pid = can_use_zygote(is_suspicious) ? fork_zygote(number, slot, descriptors, is_suspicious) : 0;
    if (pid == 0) {
        pid_t keeper = getpid();
        pid = fork();
        if (pid == 0) {
            flowmancer_roster_leave(&roster);
            close(zygote.socket);
            flowmancer_become_worker(keeper, slot, *descriptors, signals);
            return true;
        }
        pid = pid < 0 ? -errno : pid;
        is_own = true;
    }
    add_worker((struct flowmancer_worker){.number = number, .pid = pid, .slot = slot, .is_own = is_own});
    return false;
}

static void start_shim(uint32_t number, const struct flowmancer_descriptors *descriptors, const sigset_t *signals) {
    static char buffer[PATH_MAX];
    static const char *app_root;
    if (app_root == NULL) {
        app_root = flowmancer_app_root(buffer, sizeof buffer);
    }
    int slot = flowmancer_take_slot();
    pid_t keeper = getpid();
    // Nothing that a handler of fork would prepare is used in a shim.
    pid_t pid = _Fork();
    if (pid == 0) {
        flowmancer_become_shim(keeper, slot, *descriptors, app_root, signals);
    }
    pid = pid < 0 ? -errno : pid;
    add_worker((struct flowmancer_worker){.number = number, .pid = pid, .slot = slot, .is_own = true});
}

static void kill_worker(uint32_t number) {
    struct flowmancer_worker *worker = flowmancer_roster_numbered(&roster, number);
    if (worker == NULL) {
        return;
    }
    if (worker->is_own || zygote.pid == 0) {
        kill(worker->pid, SIGKILL);
    } else {
        // Only its parent knows for sure that the number still stands for this process.
        struct flowmancer_keeper_message message = {.kind = FLOWMANCER_KILL_WORKER, .worker = number};
        if (flowmancer_send(zygote.socket, message, NULL) != 0) {
            flowmancer_zygote_abandon(&zygote);
        }
    }
}

// Does one message. Returns true in a new worker.
static bool perform(
    struct flowmancer_keeper_message message, const struct flowmancer_descriptors *descriptors, const sigset_t *signals, bool *is_suspicious) {
    bool is_shim = message.kind == FLOWMANCER_START_SHIM;
    if (is_shim || message.kind == FLOWMANCER_START_WORKER) {
        if (descriptors->count == 0 || !flowmancer_roster_reserve(&roster)) {
            report(FLOWMANCER_WORKER_REFUSED, message.worker, 0, descriptors->count == 0 ? EMFILE : ENOMEM);
        } else if (is_shim) {
            start_shim(message.worker, descriptors, signals);
        } else if (start_worker(message.worker, descriptors, signals, is_suspicious)) {
            return true;
        }
        flowmancer_close_descriptors(*descriptors);
    } else if (message.kind == FLOWMANCER_KILL_WORKER) {
        kill_worker(message.worker);
    } else if (message.kind == FLOWMANCER_END_ZYGOTE) {
        flowmancer_zygote_abandon(&zygote);
        // The program may have started something before it came to be one.
        *is_suspicious = true;
    }
    return false;
}

static void note_signal(int signal) {
    // SIGCHLD only has to interrupt ppoll.
    if (signal == SIGTERM) {
        is_told_to_end = 1;
    }
}

void flowmancer_keep(pid_t engine) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, "flow-keeper");

    // The engine's end is noticed by its process, too: somebody else might hold its end of the socket.
    int engine_process = (int)syscall(SYS_pidfd_open, engine, 0);
    if (engine_process >= 0) {
        fcntl(engine_process, F_SETFD, FD_CLOEXEC);
    }

    sigset_t blocked, original;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &original);
    struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGCHLD, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    bool is_suspicious = false, has_orphans = false;
    long pause = 0;
    if (flowmancer_zygote_fork(&zygote, &original)) {
        close(engine_process);
        return;
    }
    bool has_zygote = zygote.socket >= 0;
    for (;;) {
        is_suspicious |= reap();
        if (has_zygote && zygote.socket < 0) {
            has_zygote = false;
            is_suspicious |= note_lost();
        }
        has_orphans = (is_suspicious || has_orphans) && flowmancer_kill_orphans(is_no_orphan);
        report_ended(has_orphans);

        // Dying takes a moment; what takes longer is looked at less and less often.
        pause = is_suspicious ? 1000000 : pause < 200000000 ? pause * 2 : pause;
        is_suspicious = false;
        struct timespec patience = {0, pause};
        struct pollfd sources[] = {
            {FLOWMANCER_SOCKET, POLLIN, 0}, {engine_process, POLLIN, 0}, {zygote.socket, POLLIN, 0}};
        int ready = ppoll(sources, 3, has_orphans ? &patience : NULL, &original);
        if (is_told_to_end) {
            flowmancer_kill_everything();
            _exit(0);
        }
        if (ready <= 0) {
            continue;
        }
        struct flowmancer_keeper_message message;
        struct flowmancer_descriptors descriptors;
        if (sources[2].revents != 0 && flowmancer_zygote_listen(&zygote, 0, &message)) {
            is_suspicious |= heed(message);
        }
        bool is_engine_alive = !(sources[1].revents & POLLIN);
        if (is_engine_alive && sources[0].revents != 0) {
            is_engine_alive = flowmancer_receive(FLOWMANCER_SOCKET, &message, &descriptors);
            if (is_engine_alive && perform(message, &descriptors, &original, &is_suspicious)) {
                close(engine_process);
                return;
            }
        }
        if (!is_engine_alive) {
            flowmancer_kill_everything();
            _exit(0);
        }
    }
}
