// What commands publish.
#define _GNU_SOURCE
#include "output_file.h"

#include <command.h>
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void flowmancer_output_file_prepare(struct flowmancer_output_file *file) {
    if (file->descriptor >= 0) {
        return;
    }
    file->descriptor = memfd_create("flowmancer output", MFD_CLOEXEC);
    // The path leads to the file from every process below this one, also from one that closes what it does not know.
    if (file->descriptor >= 0) {
        snprintf(
            file->variable, sizeof file->variable, FLOWMANCER_OUTPUT_VARIABLE "=/proc/%d/fd/%d", getpid(), file->descriptor);
    } else {
        snprintf(file->variable, sizeof file->variable, FLOWMANCER_OUTPUT_VARIABLE);
    }
}

static struct flowmancer_outputs copy(int descriptor, size_t size) {
    struct flowmancer_outputs outputs = {NULL, size};
    if (size > FLOWMANCER_MAXIMUM_OUTPUTS) {
        return outputs;
    }
    outputs.bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (outputs.bytes == MAP_FAILED) {
        _exit(1);
    }
    for (size_t count = 0; count < size;) {
        ssize_t result = pread(descriptor, outputs.bytes + count, size - count, (off_t)count);
        if (result > 0) {
            count += (size_t)result;
        } else if (result == 0 || errno != EINTR) {
            // Something that was left behind makes it shorter. What is missing stays zero.
            break;
        }
    }
    return outputs;
}

struct flowmancer_outputs flowmancer_output_file_take(struct flowmancer_output_file *file) {
    struct flowmancer_outputs outputs = {NULL, 0};
    struct stat status;
    // Few commands publish anything: a file that stayed empty is used again.
    if (file->descriptor < 0 || fstat(file->descriptor, &status) != 0 || status.st_size <= 0) {
        return outputs;
    }
    outputs = copy(file->descriptor, (size_t)status.st_size);
    close(file->descriptor);
    file->descriptor = -1;
    return outputs;
}

void flowmancer_outputs_release(struct flowmancer_outputs outputs) {
    if (outputs.bytes != NULL) {
        munmap(outputs.bytes, outputs.size);
    }
}
