// Messages between engine, keeper and zygote.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union ancillary {
    struct cmsghdr header;
    char space[CMSG_SPACE(FLOWMANCER_MAXIMUM_DESCRIPTORS * sizeof(int))];
};

void flowmancer_close_descriptors(struct flowmancer_descriptors descriptors) {
    for (int index = 0; index < descriptors.count; index += 1) {
        close(descriptors.numbers[index]);
    }
}

int flowmancer_send(
    int socket, struct flowmancer_keeper_message message, const struct flowmancer_descriptors *descriptors) {
    struct iovec part = {&message, sizeof message};
    union ancillary ancillary;
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptors != NULL) {
        size_t size = (size_t)descriptors->count * sizeof(int);
        message.value = descriptors->count;
        memset(&ancillary, 0, sizeof ancillary);
        header.msg_control = ancillary.space;
        header.msg_controllen = CMSG_SPACE(size);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(rights), descriptors->numbers, size);
    }
    for (;;) {
        // Sixteen bytes go into a stream socket whole or not at all.
        ssize_t sent = sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            return 0;
        }
        if (errno != EINTR) {
            return errno;
        }
    }
}

bool flowmancer_receive(
    int socket, struct flowmancer_keeper_message *message, struct flowmancer_descriptors *descriptors) {
    union ancillary ancillary;
    struct iovec part = {message, sizeof *message};
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = ancillary.space, .msg_controllen = sizeof ancillary.space};
    ssize_t length;
    do {
        length = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (length < 0 && errno == EINTR);
    if (length != sizeof *message) {
        return false;
    }
    descriptors->count = 0;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    if (rights != NULL && rights->cmsg_type == SCM_RIGHTS) {
        int count = (int)((rights->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        descriptors->count = count < FLOWMANCER_MAXIMUM_DESCRIPTORS ? count : FLOWMANCER_MAXIMUM_DESCRIPTORS;
        memcpy(descriptors->numbers, CMSG_DATA(rights), (size_t)descriptors->count * sizeof(int));
    }
    bool is_start = message->kind == FLOWMANCER_START_WORKER || message->kind == FLOWMANCER_START_SHIM;
    if (is_start && descriptors->count != message->value) {
        // Out of descriptors, only some of them arrive.
        flowmancer_close_descriptors(*descriptors);
        descriptors->count = 0;
    }
    return true;
}
