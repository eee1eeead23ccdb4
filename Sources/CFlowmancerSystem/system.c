#define _GNU_SOURCE
#include "system.h"

#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int flowmancer_pipe(int descriptors[2]) {
    return pipe2(descriptors, O_CLOEXEC);
}

int flowmancer_process_descriptor(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int flowmancer_signal_process(int descriptor, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0);
}

int flowmancer_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}

bool flowmancer_ignores_signal(int signal) {
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void flowmancer_release_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

int flowmancer_usable_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}
