// Starting a command in a process of its own, with those parts of the system that Swift cannot see.
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct flowmancer_command {
    const char *_Nonnull path;
    // Both end with NULL.
    char *_Nullable const *_Nonnull arguments;
    char *_Nullable const *_Nonnull environment;
    // Where the command starts; NULL for the directory of this process.
    const char *_Nullable directory;
    // What becomes its standard input; -1 for /dev/null.
    int input;
    // What becomes its standard output; -1 for that of this process.
    int output;
    // What becomes its standard error; -1 for that of this process.
    int errors;
};

// Starts a command as the leader of a process group of its own, with all signals as a new session has them. Returns 0,
// or an errno.
int flowmancer_command_start(const struct flowmancer_command *_Nonnull command, pid_t *_Nonnull pid);

// A descriptor that can be read once the process has ended, or -1 with errno.
int flowmancer_command_descriptor(pid_t pid);

// pipe2(2) with O_CLOEXEC. Returns 0, or -1 with errno.
int flowmancer_command_pipe(int descriptors[_Nonnull 2]);

// A file in memory with this text, to be read from its beginning, or -1 with errno. Without a text, the length is 0.
int flowmancer_command_text(const char *_Nullable text, size_t length);
