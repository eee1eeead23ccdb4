#define _GNU_SOURCE
#include "spawn_command.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int flowmancer_command_descriptor(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int flowmancer_command_pipe(int descriptors[2]) {
    return pipe2(descriptors, O_CLOEXEC);
}
