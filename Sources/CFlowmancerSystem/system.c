#define _GNU_SOURCE
#include "system.h"

#include <errno.h>
#include <fcntl.h>
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

int flowmancer_text_descriptor(const char *text, size_t length) {
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

bool flowmancer_ignores_signal(int signal) {
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
