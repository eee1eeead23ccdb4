// The parts of a command, and the environment that it gets.
#define _GNU_SOURCE
#include "command_private.h"

#include <limits.h>
#include <stdalign.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

void *flowmancer_arena_take(struct flowmancer_arena *arena, size_t size) {
    enum { ALIGNMENT = alignof(max_align_t) };
    uintptr_t start = ((uintptr_t)arena->next + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    arena->next = (char *)start + size;
    return (void *)start;
}

static size_t variable_count(void) {
    size_t count = 0;
    while (environ != NULL && environ[count] != NULL) {
        count += 1;
    }
    return count;
}

size_t flowmancer_command_room(
    const struct flowmancer_command *command, const struct flowmancer_command_surroundings *surroundings) {
    // Some lists, each with a NULL at its end; paths to try, twice; and a directory's name, behind the app root, twice.
    size_t pointers = (size_t)command->words + command->shell_words + 2 * (size_t)command->changes + variable_count() + 16;
    size_t texts = 2 * (command->size - command->input + strlen(surroundings->app_root)) + 6 * PATH_MAX;
    return command->size + pointers * sizeof(char *) + texts + 1024;
}

static char **list(const char **text, uint32_t count, struct flowmancer_arena *arena) {
    char **texts = flowmancer_arena_take(arena, (count + 1) * sizeof(char *));
    for (uint32_t index = 0; index < count; index += 1) {
        texts[index] = (char *)*text;
        *text += strlen(*text) + 1;
    }
    texts[count] = NULL;
    return texts;
}

struct flowmancer_command_parts flowmancer_command_take_apart(
    const struct flowmancer_command *command, struct flowmancer_arena *arena) {
    struct flowmancer_command_parts parts = {0};
    const char *text = (const char *)(command + 1);
    if (command->has_directory) {
        parts.directory = text;
        text += strlen(text) + 1;
    }
    parts.words = list(&text, command->words, arena);
    parts.shell_words = list(&text, command->shell_words, arena);
    parts.changes = list(&text, command->changes, arena);
    parts.input = text;
    return parts;
}

// Whether an entry, `NAME=value` or `NAME`, is about the variable of another.
static bool is_same_variable(const char *entry, const char *other) {
    for (; *entry == *other; entry += 1, other += 1) {
        if (*entry == '=' || *entry == 0) {
            return true;
        }
    }
    return (*entry == '=' && *other == 0) || (*entry == 0 && *other == '=');
}

static bool is_changed(const char *variable, char **changes) {
    for (; *changes != NULL; changes += 1) {
        if (is_same_variable(variable, *changes)) {
            return true;
        }
    }
    return false;
}

char **flowmancer_command_environment(
    char **changes, const char *variable, const char *directory_name, struct flowmancer_arena *arena) {
    char *pwd = flowmancer_arena_take(arena, strlen(directory_name) + sizeof "PWD=");
    stpcpy(stpcpy(pwd, "PWD="), directory_name);
    size_t change_count = 0;
    while (changes[change_count] != NULL) {
        change_count += 1;
    }
    size_t capacity = variable_count() + change_count + 3;
    char **environment = flowmancer_arena_take(arena, capacity * sizeof(char *));
    size_t count = 0;
    for (char **own = environ; own != NULL && *own != NULL; own += 1) {
        bool is_replaced = variable != NULL && is_same_variable(*own, variable);
        if (!is_replaced && !is_same_variable(*own, pwd) && !is_changed(*own, changes)) {
            environment[count] = *own;
            count += 1;
        }
    }
    if (variable != NULL && strchr(variable, '=') != NULL && !is_changed(variable, changes)) {
        environment[count] = (char *)variable;
        count += 1;
    }
    for (size_t index = 0; index < change_count; index += 1) {
        // Of several changes of one variable, the last one counts.
        if (strchr(changes[index], '=') != NULL && !is_same_variable(changes[index], pwd)
            && !is_changed(changes[index], changes + index + 1)) {
            environment[count] = changes[index];
            count += 1;
        }
    }
    environment[count] = pwd;
    environment[count + 1] = NULL;
    return environment;
}

const char *flowmancer_command_variable(char **environment, const char *name) {
    for (; *environment != NULL; environment += 1) {
        if (is_same_variable(*environment, name)) {
            const char *sign = strchr(*environment, '=');
            return sign != NULL ? sign + 1 : NULL;
        }
    }
    return NULL;
}
