// Calls of the system that the Swift module of the C library leaves out.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>

// pipe2(2) with O_CLOEXEC. Returns 0, or -1 with errno.
int flowmancer_pipe(int descriptors[_Nonnull 2]);

// A descriptor that can be read once the process has ended, or -1 with errno.
int flowmancer_process_descriptor(pid_t pid);

// pidfd_send_signal(2): sends a signal to the process of such a descriptor. Returns 0, or -1 with errno.
int flowmancer_signal_process(int descriptor, int signal);

// memfd_create(2) with MFD_CLOEXEC: a file in memory, or -1 with errno.
int flowmancer_memory_file(const char *_Nonnull name);

// Whether the process ignores a signal. Functions cannot be compared in Swift.
bool flowmancer_ignores_signal(int signal);

// Gives memory back to the system that the process freed.
void flowmancer_release_memory(void);

// How many processors the process may run on, or 0 if that cannot be found out.
int flowmancer_usable_processors(void);

// Starts the program of this process once more, in a session of its own, with nothing to read and `output` for what it
// prints. A directory of NULL is that of this process. Returns 0, or an errno.
int flowmancer_start_own_program(char *_Nullable const *_Nonnull arguments, const char *_Nullable directory, int output,
                                 pid_t *_Nonnull process);
