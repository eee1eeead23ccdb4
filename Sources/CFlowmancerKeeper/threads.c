// The threads of a worker: which are its own, which were left by a task, and what those did that have ended.
#define _GNU_SOURCE
#include "worker.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// More threads than that are not looked at: such a worker is not judged.
enum { MAXIMUM_THREADS = 512 };

// Lists the threads of this process. Returns how many there are; 0 if the system does not say, or if there are too many.
static size_t list_threads(pid_t threads[MAXIMUM_THREADS]) {
    DIR *directory = opendir("/proc/self/task");
    if (directory == NULL) {
        return 0;
    }
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL && count <= MAXIMUM_THREADS;) {
        if (isdigit((unsigned char)entry->d_name[0])) {
            if (count < MAXIMUM_THREADS) {
                threads[count] = (pid_t)atoi(entry->d_name);
            }
            count += 1;
        }
    }
    closedir(directory);
    return count <= MAXIMUM_THREADS ? count : 0;
}

// MARK: Threads that were left

// Those that listen to the engine, the main thread, and what the program started before its first attempt.
enum { MAXIMUM_OWN_THREADS = 64 };
static pid_t own_threads[MAXIMUM_OWN_THREADS];
static int own_thread_count;
// The directory of the threads. Its number of links tells how many there are at the price of a system call.
static int thread_directory = -1;
static ino_t thread_directory_node;
// How many there were when all of them were known to be harmless.
static nlink_t harmless_links;

static void note_own(pid_t thread) {
    int index = __atomic_fetch_add(&own_thread_count, 1, __ATOMIC_RELAXED);
    if (index < MAXIMUM_OWN_THREADS) {
        __atomic_store_n(&own_threads[index], thread, __ATOMIC_RELEASE);
    }
}

void flowmancer_note_own_thread(void) {
    note_own((pid_t)syscall(SYS_gettid));
}

void flowmancer_note_present_threads(void) {
    pid_t threads[MAXIMUM_THREADS];
    size_t count = list_threads(threads);
    for (size_t index = 0; index < count; index += 1) {
        note_own(threads[index]);
    }
}

static bool is_own(pid_t thread) {
    int count = __atomic_load_n(&own_thread_count, __ATOMIC_RELAXED);
    for (int index = 0; index < count && index < MAXIMUM_OWN_THREADS; index += 1) {
        if (thread == __atomic_load_n(&own_threads[index], __ATOMIC_ACQUIRE)) {
            return true;
        }
    }
    // There are more than are known: none is judged.
    return count > MAXIMUM_OWN_THREADS;
}

enum kind { GONE, IN_POOL, STARTING, OTHER };

// Dispatch blocks most signals in the threads of its pool, and with them in all that these start in turn, but not those of a trap.
// Hardly anybody else does. A thread that has not come to its first instruction has all blocked.
static enum kind kind_of(pid_t thread) {
    char path[64], text[16384];
    snprintf(path, sizeof path, "/proc/self/task/%d/status", thread);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) {
        close(file);
    }
    if (size <= 0) {
        return GONE;
    }
    text[size] = 0;
    const char *blocked = strstr(text, "\nSigBlk:");
    if (blocked == NULL) {
        // In doubt, a thread is harmless.
        return IN_POOL;
    }
    unsigned long long set = strtoull(blocked + 8, NULL, 16);
    bool blocks_interrupt = set & 1ULL << (SIGINT - 1), blocks_trap = set & 1ULL << (SIGILL - 1);
    return !blocks_interrupt ? OTHER : blocks_trap ? STARTING : IN_POOL;
}

// The worst kind among the threads that are not the worker's own.
static enum kind kind_of_others(void) {
    pid_t threads[MAXIMUM_THREADS];
    size_t count = list_threads(threads);
    enum kind worst = GONE;
    for (size_t index = 0; index < count && worst != OTHER; index += 1) {
        if (!is_own(threads[index])) {
            enum kind kind = kind_of(threads[index]);
            worst = kind > worst ? kind : worst;
        }
    }
    return worst;
}

bool flowmancer_has_left_threads(void) {
    struct stat status;
    if (thread_directory < 0 || fstat(thread_directory, &status) != 0 || status.st_ino != thread_directory_node) {
        // The first look, or a task closed the descriptor.
        thread_directory = open("/proc/self/task", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (thread_directory < 0 || fstat(thread_directory, &status) != 0) {
            return false;
        }
        thread_directory_node = status.st_ino;
    }
    if (status.st_nlink == harmless_links) {
        return false;
    }
    // A thread that was waited for is listed for a moment longer, and one that begins takes a moment, too.
    enum { TRIES = 5 };
    struct timespec pause = {0, 100000};
    for (int tries = 0;; tries += 1) {
        enum kind kind = kind_of_others();
        if (kind <= IN_POOL) {
            harmless_links = status.st_nlink;
            return false;
        }
        if (tries == TRIES) {
            // A thread that has not begun by the end of the next attempt blocks its signals for good.
            static nlink_t starting_links;
            bool is_left = kind == OTHER || starting_links == status.st_nlink;
            starting_links = status.st_nlink;
            return is_left;
        }
        nanosleep(&pause, NULL);
    }
}

// MARK: Threads that have ended

static int64_t read_clock(clockid_t clock) {
    struct timespec time;
    return clock_gettime(clock, &time) == 0 ? (int64_t)time.tv_sec * 1000000000 + time.tv_nsec : -1;
}

// The processor time of these threads together; -1 if one has ended.
static int64_t time_of(const pid_t *threads, size_t count) {
    int64_t sum = 0;
    for (size_t index = 0; index < count; index += 1) {
        // What pthread_getcpuclockid(3) returns for a thread of which only the number is known.
        int64_t time = read_clock((clockid_t)(~(unsigned)threads[index] << 3 | 6));
        if (time < 0) {
            return -1;
        }
        sum += time;
    }
    return sum;
}

bool flowmancer_measure_ended_threads(struct flowmancer_ended_time *time) {
    // While it is measured, threads go on: the limits are close if they do not get far.
    enum { TRIES = 5, CLOSE = 5000 };
    bool is_measured = false;
    for (int tries = 0; tries < TRIES && !(is_measured && time->upper - time->lower < CLOSE); tries += 1) {
        pid_t threads[MAXIMUM_THREADS];
        size_t count = list_threads(threads);
        int64_t before = time_of(threads, count);
        int64_t whole = read_clock(CLOCK_PROCESS_CPUTIME_ID);
        int64_t after = time_of(threads, count);
        if (count == 0 || before < 0 || whole < 0 || after < 0) {
            continue;
        }
        if (!is_measured || after - before < time->upper - time->lower) {
            *time = (struct flowmancer_ended_time){whole - after, whole - before};
        }
        is_measured = true;
    }
    return is_measured;
}
