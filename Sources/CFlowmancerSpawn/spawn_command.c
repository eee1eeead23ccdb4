#define _GNU_SOURCE
#include "spawn_command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

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

int flowmancer_command_descriptor(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int flowmancer_command_pipe(int descriptors[2]) {
    return pipe2(descriptors, O_CLOEXEC);
}

int flowmancer_command_text(const char *text, size_t length) {
    int file = memfd_create("standard input", MFD_CLOEXEC);
    if (file < 0) {
        return -1;
    }
    for (size_t written = 0; written < length;) {
        ssize_t count = write(file, text + written, length - written);
        if (count < 0 && errno != EINTR) {
            int reason = errno;
            close(file);
            errno = reason;
            return -1;
        }
        written += count > 0 ? (size_t)count : 0;
    }
    lseek(file, 0, SEEK_SET);
    return file;
}
