// Starting a command in a process of its own, with those parts of the system that Swift cannot see.
#pragma once

#include <stddef.h>
#include <sys/types.h>

// A descriptor that can be read once the process has ended, or -1 with errno.
int flowmancer_command_descriptor(pid_t pid);

// pipe2(2) with O_CLOEXEC. Returns 0, or -1 with errno.
int flowmancer_command_pipe(int descriptors[_Nonnull 2]);
