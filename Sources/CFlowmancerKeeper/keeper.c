// The keeper's side.
#define _GNU_SOURCE
#include "keeper.h"
#include "keeper_private.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A worker from its start until its end was reported.
struct worker {
    uint32_t number;
    pid_t pid;
    int status;
    // When it ended, in milliseconds; 0 while it is alive.
    int64_t ended;
};

static struct worker *workers;
static size_t worker_count, worker_capacity;
static rlim_t worker_open_files;
static const char *worker_title = "flow-worker";
static int worker_socket = -1;

int flowmancer_worker_socket(void) {
    return worker_socket;
}

static int64_t now(void) {
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

// Reads the parent and the state of a process; false if there is no such process.
static bool read_stat(const char *pid, pid_t *parent, char *state) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) {
        return false;
    }
    text[length] = 0;
    // The command may hold blanks and parentheses: count from its end.
    char *end = strrchr(text, ')');
    return end != NULL && sscanf(end + 1, " %c %d", state, parent) == 2;
}

static bool is_live_worker(pid_t pid) {
    for (size_t index = 0; index < worker_count; index += 1) {
        if (workers[index].pid == pid && workers[index].ended == 0) {
            return true;
        }
    }
    return false;
}

// Kills the children of this process that are no workers: whatever a dead worker left. Their own children become ours
// as they die and are found by the next call. Returns whether there were any.
static bool kill_orphans(void) {
    DIR *directory = opendir("/proc");
    if (directory == NULL) {
        return false;
    }
    bool found = false;
    pid_t self = getpid();
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        pid_t parent;
        char state;
        if (!isdigit((unsigned char)entry->d_name[0]) || !read_stat(entry->d_name, &parent, &state)) {
            continue;
        }
        pid_t pid = (pid_t)atoi(entry->d_name);
        if (parent == self && state != 'Z' && !is_live_worker(pid)) {
            kill(pid, SIGKILL);
            found = true;
        }
    }
    closedir(directory);
    return found;
}

// Collects the dead. Returns whether orphans may be left that have to be looked for.
static bool reap(void) {
    bool suspicious = false;
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        bool is_clean = WIFEXITED(status) && WEXITSTATUS(status) == FLOWMANCER_CLEAN_EXIT;
        for (size_t index = 0; index < worker_count; index += 1) {
            if (workers[index].pid == pid) {
                workers[index].ended = now();
                workers[index].status = status;
            }
        }
        suspicious |= !is_clean;
    }
    return suspicious;
}

// Tells the engine of ended workers, once nothing of them is left.
static void report_ended(bool has_orphans) {
    size_t kept = 0;
    for (size_t index = 0; index < worker_count; index += 1) {
        struct worker worker = workers[index];
        bool is_due = !has_orphans || now() - worker.ended > FLOWMANCER_ORPHAN_PATIENCE_MS;
        if (worker.ended != 0 && is_due) {
            report(FLOWMANCER_WORKER_ENDED, worker.number, worker.pid, worker.status);
        } else {
            workers[kept] = worker;
            kept += 1;
        }
    }
    worker_count = kept;
}

static void kill_everything(void) {
    for (size_t index = 0; index < worker_count; index += 1) {
        if (workers[index].ended == 0) {
            kill(workers[index].pid, SIGKILL);
        }
    }
    worker_count = 0;
    struct timespec pause = {0, 1000000};
    for (;;) {
        kill_orphans();
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
        if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD) {
            return;
        }
        nanosleep(&pause, NULL);
    }
}

// Makes a worker of the process that was just forked.
static void become_worker(pid_t keeper, const int descriptors[3], const sigset_t *signals) {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper) {
        _exit(0);
    }
    // What the task's processes leave behind stays below the worker, so that it can be told apart by attempt.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, worker_title);
    dup2(descriptors[1], 1);
    dup2(descriptors[2], 2);
    dup3(descriptors[0], FLOWMANCER_SOCKET, O_CLOEXEC);
    for (int index = 0; index < 3; index += 1) {
        close(descriptors[index]);
    }
    struct rlimit limit;
    if (worker_open_files > 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = worker_open_files;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    // Lines reach the loggers when they are printed, not when a buffer is full.
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_SETMASK, signals, NULL);
    free(workers);
    workers = NULL;
    worker_count = 0;
    worker_socket = FLOWMANCER_SOCKET;
}

// Returns true in the new worker.
static bool start_worker(uint32_t number, const int descriptors[3], const sigset_t *signals) {
    if (worker_count == worker_capacity) {
        size_t capacity = worker_capacity == 0 ? 64 : worker_capacity * 2;
        struct worker *grown = realloc(workers, capacity * sizeof *workers);
        if (grown == NULL) {
            report(FLOWMANCER_WORKER_REFUSED, number, 0, ENOMEM);
            return false;
        }
        workers = grown;
        worker_capacity = capacity;
    }
    pid_t keeper = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        become_worker(keeper, descriptors, signals);
        return true;
    }
    if (pid < 0) {
        report(FLOWMANCER_WORKER_REFUSED, number, 0, errno);
    } else {
        workers[worker_count] = (struct worker){.number = number, .pid = pid};
        worker_count += 1;
        report(FLOWMANCER_WORKER_STARTED, number, pid, 0);
    }
    return false;
}

// Reads one message with the descriptors that came along. Returns false at the end of the engine.
static bool receive(struct flowmancer_keeper_message *message, int descriptors[3]) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(3 * sizeof(int))];
    } ancillary;
    struct iovec part = {message, sizeof *message};
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = ancillary.space, .msg_controllen = sizeof ancillary.space};
    ssize_t length;
    do {
        length = recvmsg(FLOWMANCER_SOCKET, &header, MSG_CMSG_CLOEXEC);
    } while (length < 0 && errno == EINTR);
    if (length != sizeof *message) {
        return false;
    }
    descriptors[0] = descriptors[1] = descriptors[2] = -1;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    if (rights != NULL && rights->cmsg_type == SCM_RIGHTS && rights->cmsg_len == CMSG_LEN(3 * sizeof(int))) {
        memcpy(descriptors, CMSG_DATA(rights), 3 * sizeof(int));
    }
    return true;
}

// Does one message. Returns true in a new worker.
static bool perform(struct flowmancer_keeper_message message, const int descriptors[3], const sigset_t *signals) {
    bool is_worker = false;
    if (message.kind == FLOWMANCER_START_WORKER) {
        if (descriptors[0] < 0) {
            report(FLOWMANCER_WORKER_REFUSED, message.worker, 0, EMFILE);
            return false;
        }
        is_worker = start_worker(message.worker, descriptors, signals);
        for (int index = 0; index < 3 && !is_worker; index += 1) {
            close(descriptors[index]);
        }
    } else if (message.kind == FLOWMANCER_KILL_WORKER) {
        for (size_t index = 0; index < worker_count; index += 1) {
            if (workers[index].number == message.worker && workers[index].ended == 0) {
                kill(workers[index].pid, SIGKILL);
            }
        }
    }
    return is_worker;
}

static void note_signal(int signal) {
    (void)signal; // Only has to interrupt ppoll.
}

// Closes what the engine's process had open and did not mark as close-on-exec: workers must not reach it.
static void close_inherited(void) {
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int descriptor = atoi(entry->d_name);
        if (descriptor > FLOWMANCER_SOCKET && descriptor != dirfd(directory)) {
            close(descriptor);
        }
    }
    closedir(directory);
}

// Returns only in a worker.
static void keep(pid_t engine) {
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
    sigprocmask(SIG_BLOCK, &blocked, &original);
    struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGCHLD, &action, NULL);

    bool has_orphans = false;
    for (;;) {
        has_orphans = (reap() || has_orphans) && kill_orphans();
        report_ended(has_orphans);

        struct timespec patience = {0, 2000000};
        struct pollfd sources[] = {{FLOWMANCER_SOCKET, POLLIN, 0}, {engine_process, POLLIN, 0}};
        if (ppoll(sources, 2, has_orphans ? &patience : NULL, &original) <= 0) {
            continue;
        }
        struct flowmancer_keeper_message message;
        int descriptors[3];
        bool is_engine_alive = !(sources[1].revents & POLLIN);
        if (is_engine_alive && sources[0].revents != 0) {
            is_engine_alive = receive(&message, descriptors);
            if (is_engine_alive && perform(message, descriptors, &original)) {
                if (engine_process >= 0) {
                    close(engine_process);
                }
                return;
            }
        }
        if (!is_engine_alive) {
            kill_everything();
            _exit(0);
        }
    }
}

__attribute__((constructor)) static void enter(int argument_count, char **arguments, char **environment) {
    (void)environment;
    flowmancer_save_arguments(arguments);
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
    if (engine != getppid()) {
        _exit(0); // The engine is gone already.
    }
    fcntl(FLOWMANCER_SOCKET, F_SETFD, FD_CLOEXEC);
    close_inherited();
    worker_open_files = (rlim_t)open_files;
    if (argument_count > 0) {
        const char *slash = strrchr(arguments[0], '/');
        worker_title = slash != NULL ? slash + 1 : arguments[0];
    }
    keep((pid_t)engine);
}
