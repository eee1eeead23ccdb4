// Starting a command in a process of its own, with those parts of the system that Swift cannot see.
#pragma once

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
