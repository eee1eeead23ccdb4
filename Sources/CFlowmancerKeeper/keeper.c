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
#include <sys/mman.h>
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
    // Where it says that it leaves no process behind.
    int slot;
    // When it ended, in milliseconds; 0 while it is alive.
    int64_t ended;
};

static struct worker *workers;
static size_t worker_count, worker_capacity;
static rlim_t worker_open_files;
static const char *worker_title = "flow-worker";
static int worker_socket = -1;
static volatile sig_atomic_t is_told_to_end;

// Shared with the workers: each has a slot, and sets it once it has no child left. A worker without a slot is always
// looked after. An exit code could not say this: tasks call exit, too.
enum { SLOT_COUNT = 16384 };
static volatile unsigned char *slots;
static int free_slots[SLOT_COUNT];
static int free_slot_count;
static int worker_slot = -1;

int flowmancer_worker_socket(void) {
    return worker_socket;
}

void flowmancer_leave_nothing_behind(void) {
    if (worker_slot >= 0) {
        slots[worker_slot] = 1;
    }
}

static void make_slots(void) {
    void *memory = mmap(NULL, SLOT_COUNT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return;
    }
    slots = memory;
    for (int slot = SLOT_COUNT - 1; slot >= 0; slot -= 1) {
        free_slots[free_slot_count] = slot;
        free_slot_count += 1;
    }
}

static int take_slot(void) {
    if (free_slot_count == 0) {
        return -1;
    }
    free_slot_count -= 1;
    int slot = free_slots[free_slot_count];
    slots[slot] = 0;
    return slot;
}

static bool give_slot_back(int slot) {
    if (slot < 0) {
        return false;
    }
    free_slots[free_slot_count] = slot;
    free_slot_count += 1;
    return slots[slot] != 0;
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
// as they die and are found by the next call. Returns whether there were any; those that this user may not kill (a
// program of another user's) do not count.
static bool kill_orphans(void) {
    DIR *directory = opendir("/proc");
    if (directory == NULL) {
        return true; // Out of descriptors or memory: there may be some.
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
            found |= kill(pid, SIGKILL) == 0;
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
        bool is_clean = false;
        for (size_t index = 0; index < worker_count; index += 1) {
            if (workers[index].pid == pid && workers[index].ended == 0) {
                workers[index].ended = now();
                workers[index].status = status;
                is_clean = give_slot_back(workers[index].slot);
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
    // A process that the kernel does not let die, or that belongs to another user, is not waited for without end.
    for (int64_t deadline = now() + FLOWMANCER_END_PATIENCE_MS; now() < deadline;) {
        kill_orphans();
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
        if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD) {
            return;
        }
        nanosleep(&pause, NULL);
    }
}

// Watches over the keeper, which is this process's child: what the keeper leaves behind if it is killed becomes ours,
// and is killed. Ends after the keeper, and like it.
static _Noreturn void guard(pid_t keeper) {
    prctl(PR_SET_NAME, "flow-guard");
    close(FLOWMANCER_SOCKET);
    int status = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, 0)) != keeper;) {
        if (pid < 0 && errno != EINTR) {
            break;
        }
    }
    kill_everything();
    if (WIFSIGNALED(status)) {
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(WTERMSIG(status), SIG_DFL);
        kill(getpid(), WTERMSIG(status));
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

// Becomes the keeper's guard, and goes on as the keeper in a child. Where there is no room for a guard, the keeper does
// without.
static void leave_guard_behind(void) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t self = getpid();
    pid_t keeper = fork();
    if (keeper > 0) {
        guard(keeper);
    }
    if (keeper == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != self) {
            _exit(0);
        }
    }
}

// Makes a worker of the process that was just forked.
static void become_worker(pid_t keeper, int slot, const int descriptors[3], const sigset_t *signals) {
    worker_slot = slot;
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
    signal(SIGTERM, SIG_DFL);
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
    int slot = take_slot();
    pid_t pid = fork();
    if (pid == 0) {
        become_worker(keeper, slot, descriptors, signals);
        return true;
    }
    if (pid < 0) {
        give_slot_back(slot);
        report(FLOWMANCER_WORKER_REFUSED, number, 0, errno);
    } else {
        workers[worker_count] = (struct worker){.number = number, .pid = pid, .slot = slot};
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
    if (rights != NULL && rights->cmsg_type == SCM_RIGHTS) {
        size_t count = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors, CMSG_DATA(rights), count * sizeof(int));
        // Out of descriptors, only some of them arrive.
        for (size_t index = 0; index < count && count < 3; index += 1) {
            close(descriptors[index]);
            descriptors[index] = -1;
        }
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
    // SIGCHLD only has to interrupt ppoll.
    if (signal == SIGTERM) {
        is_told_to_end = 1;
    }
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
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &original);
    struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGCHLD, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    bool has_orphans = false;
    long pause = 0;
    for (;;) {
        bool is_suspicious = reap();
        has_orphans = (is_suspicious || has_orphans) && kill_orphans();
        report_ended(has_orphans);

        // Dying takes a moment; what takes longer is looked at less and less often.
        pause = is_suspicious ? 1000000 : pause < 200000000 ? pause * 2 : pause;
        struct timespec patience = {0, pause};
        struct pollfd sources[] = {{FLOWMANCER_SOCKET, POLLIN, 0}, {engine_process, POLLIN, 0}};
        int ready = ppoll(sources, 2, has_orphans ? &patience : NULL, &original);
        if (is_told_to_end) {
            kill_everything();
            _exit(0);
        }
        if (ready <= 0) {
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
    make_slots();
    close_inherited();
    worker_open_files = (rlim_t)open_files;
    if (argument_count > 0) {
        const char *slash = strrchr(arguments[0], '/');
        worker_title = slash != NULL ? slash + 1 : arguments[0];
    }
    leave_guard_behind();
    keep((pid_t)engine);
}
