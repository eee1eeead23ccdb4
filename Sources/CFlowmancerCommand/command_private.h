// What the parts of a start share.
#pragma once

#include "command.h"

// Memory that is given out piece by piece.
struct flowmancer_arena {
    char *next;
};

void *flowmancer_arena_take(struct flowmancer_arena *arena, size_t size);

// What stands behind the header of a command.
struct flowmancer_command_parts {
    // NULL for the working directory.
    const char *directory;
    // These end with NULL.
    char **words, **shell_words, **changes;
    const char *input;
};

// Finds the parts of a command.
struct flowmancer_command_parts flowmancer_command_take_apart(
    const struct flowmancer_command *command, struct flowmancer_arena *arena);

// Returns the environment under changes, with `PWD` as the last of them. `variable` is that of the surroundings.
char **flowmancer_command_environment(
    char **changes, const char *variable, const char *directory_name, struct flowmancer_arena *arena);

// The value of a variable; NULL without one.
const char *flowmancer_command_variable(char **environment, const char *name);

// Returns the name that `PWD` gives a directory, which was opened: as a shell does, by the path that led there.
const char *flowmancer_command_directory_name(
    int directory, const char *path, const char *app_root, struct flowmancer_arena *arena);

// Finds the file that a name stands for: the path itself if it has a slash. Relative paths start from `directory`. Returns
// NULL if there is none, and then says why.
const char *flowmancer_command_find(
    const char *name,
    char **environment,
    int directory,
    struct flowmancer_arena *arena,
    struct flowmancer_command_failure *failure);

// Says why the system did not execute a program.
void flowmancer_command_explain(
    const char *path,
    int reason,
    int directory,
    struct flowmancer_arena *arena,
    struct flowmancer_command_failure *failure);
