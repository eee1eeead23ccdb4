#define _GNU_SOURCE
#include "spawn_command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

static int set_up(
    const struct flowmancer_command *command,
    posix_spawn_file_actions_t *actions,
    posix_spawnattr_t *attributes) {
    int result = command->input >= 0
        ? posix_spawn_file_actions_adddup2(actions, command->input, 0)
        : posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (result == 0 && command->output >= 0) {
        result = posix_spawn_file_actions_adddup2(actions, command->output, 1);
    }
    if (result == 0 && command->errors >= 0) {
        result = posix_spawn_file_actions_adddup2(actions, command->errors, 2);
    }
    if (result == 0 && command->directory != NULL) {
        result = posix_spawn_file_actions_addchdir_np(actions, command->directory);
    }
    // The threads that run tasks block signals and ignore some; a command is to find none of that.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return result;
}

int flowmancer_command_start(const struct flowmancer_command *command, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int result = set_up(command, &actions, &attributes);
    if (result == 0) {
        result = posix_spawn(pid, command->path, &actions, &attributes, command->arguments, command->environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}
