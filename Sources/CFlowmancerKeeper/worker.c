// A worker's side: how a process becomes one, and what it says of itself beside its socket.
#define _GNU_SOURCE
#include "keeper_private.h"
#include "shim.h"
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct flowmancer_worker_traits flowmancer_worker_traits = {0, "flow-worker"};

// Shared with the workers: each has a slot, and sets it once it has no child left. A worker without a slot is always
// looked after. An exit code could not say this: tasks call exit, too.
enum { SLOT_COUNT = 16384 };
static volatile unsigned char *slots;
// Which are free. The workers do not get this memory.
static struct {
    int count;
    int numbers[SLOT_COUNT];
} *free_slots;
static int worker_slot = -1;
static int worker_socket = -1;

int flowmancer_worker_socket(void) {
    // A zygote is to become one.
    return flowmancer_is_zygote() ? FLOWMANCER_SOCKET : worker_socket;
}

void flowmancer_leave_nothing_behind(void) {
    if (worker_slot >= 0) {
        slots[worker_slot] = 1;
    }
}

void flowmancer_make_slots(void) {
    void *shared = mmap(NULL, SLOT_COUNT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    void *own = mmap(NULL, sizeof *free_slots, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || own == MAP_FAILED) {
        return;
    }
    madvise(own, sizeof *free_slots, MADV_DONTFORK);
    slots = shared;
    free_slots = own;
    for (int slot = SLOT_COUNT - 1; slot >= 0; slot -= 1) {
        free_slots->numbers[free_slots->count] = slot;
        free_slots->count += 1;
    }
}

int flowmancer_take_slot(void) {
    if (free_slots == NULL || free_slots->count == 0) {
        return -1;
    }
    free_slots->count -= 1;
    int slot = free_slots->numbers[free_slots->count];
    slots[slot] = 0;
    return slot;
}

bool flowmancer_give_slot_back(int slot) {
    if (slot < 0) {
        return false;
    }
    free_slots->numbers[free_slots->count] = slot;
    free_slots->count += 1;
    return slots[slot] != 0;
}

// Its pairs of pipes, one or two, and which of them is in use.
static int outputs[2][2];
static int output_pair;

void flowmancer_select_output(int pair, int merged) {
    output_pair = pair;
    dup2(outputs[pair][0], 1);
    dup2(outputs[pair][merged ? 0 : 1], 2);
}

int flowmancer_mark_output(const void *bytes, size_t length) {
    for (;;) {
        ssize_t count = write(outputs[output_pair][0], bytes, length);
        if (count >= 0) {
            return count == (ssize_t)length;
        }
        if (errno == EAGAIN) {
            // A task made standard output one that does not wait.
            struct pollfd pipe = {outputs[output_pair][0], POLLOUT, 0};
            poll(&pipe, 1, -1);
        } else if (errno != EINTR) {
            return 0;
        }
    }
}

// Makes the process that was just forked from `parent` one that executes attempts.
static void become_executor(pid_t parent, int slot, const int *numbers, const char *title) {
    worker_slot = slot;
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(0);
    }
    // What the task's processes leave behind stays below the worker, so that it can be told apart by attempt.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, title);
    dup2(numbers[1], 1);
    dup2(numbers[2], 2);
    dup3(numbers[0], FLOWMANCER_SOCKET, O_CLOEXEC);
    struct rlimit limit;
    if (flowmancer_worker_traits.open_files > 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = flowmancer_worker_traits.open_files;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    signal(SIGCHLD, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

void flowmancer_become_worker(
    pid_t parent, int slot, struct flowmancer_descriptors descriptors, const sigset_t *signals) {
    const int *numbers = descriptors.numbers;
    become_executor(parent, slot, numbers, flowmancer_worker_traits.title);
    close(numbers[0]);
    memcpy(outputs, numbers + 1, (size_t)(descriptors.count - 1) * sizeof(int));
    // Lines reach the loggers when they are printed, not when a buffer is full.
    setvbuf(stdout, NULL, _IOLBF, 0);
    sigprocmask(SIG_SETMASK, signals, NULL);
    worker_socket = FLOWMANCER_SOCKET;
}

// Puts the second pair of pipes where a shim expects it. Commands do not inherit it.
static void place_second_pair(const int *pair) {
    // Out of the way first: the one may have the number of the other.
    int output = fcntl(pair[0], F_DUPFD_CLOEXEC, FLOWMANCER_SECOND_ERRORS + 1);
    int errors = fcntl(pair[1], F_DUPFD_CLOEXEC, FLOWMANCER_SECOND_ERRORS + 1);
    if (dup3(output, FLOWMANCER_SECOND_OUTPUT, O_CLOEXEC) < 0 || dup3(errors, FLOWMANCER_SECOND_ERRORS, O_CLOEXEC) < 0) {
        _exit(1);
    }
}

void flowmancer_become_shim(
    pid_t parent, int slot, struct flowmancer_descriptors descriptors, const char *app_root, const sigset_t *signals) {
    become_executor(parent, slot, descriptors.numbers, "flow-shim");
    bool can_hold = descriptors.count == FLOWMANCER_MAXIMUM_DESCRIPTORS;
    if (can_hold) {
        place_second_pair(descriptors.numbers + 3);
    }
    flowmancer_close_from(can_hold ? FLOWMANCER_SECOND_ERRORS + 1 : FLOWMANCER_SOCKET + 1);
    flowmancer_serve_commands(app_root, signals);
}

int flowmancer_has_children(void) {
    pid_t pid;
    do {
        pid = waitpid(-1, NULL, WNOHANG);
    } while (pid > 0 || (pid < 0 && errno == EINTR));
    return pid == 0;
}

void flowmancer_flush_streams(void) {
    fflush(stdout);
    fflush(stderr);
}
