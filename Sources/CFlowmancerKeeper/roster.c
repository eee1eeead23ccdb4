// Lists of workers.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <sys/mman.h>

// Memory that the children do not get. Otherwise every page of it that is written to is copied for each of them.
static void *resized(void *memory, size_t size, size_t new_size) {
    void *result = memory == NULL ? mmap(NULL, new_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                                  : mremap(memory, size, new_size, MREMAP_MAYMOVE);
    if (result == MAP_FAILED) {
        return NULL;
    }
    madvise(result, new_size, MADV_DONTFORK);
    return result;
}

bool flowmancer_roster_reserve(struct flowmancer_roster *roster) {
    if (roster->count < roster->capacity) {
        return true;
    }
    enum { BEGINNING = 128 };
    size_t capacity = roster->capacity == 0 ? BEGINNING : roster->capacity * 2;
    struct flowmancer_worker *grown =
        resized(roster->workers, roster->capacity * sizeof *grown, capacity * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    roster->workers = grown;
    roster->capacity = capacity;
    return true;
}

void flowmancer_roster_add(struct flowmancer_roster *roster, struct flowmancer_worker worker) {
    roster->workers[roster->count] = worker;
    roster->count += 1;
}

struct flowmancer_worker *flowmancer_roster_living(struct flowmancer_roster *roster, pid_t pid) {
    for (size_t index = 0; index < roster->count; index += 1) {
        if (roster->workers[index].pid == pid && roster->workers[index].ended == 0) {
            return &roster->workers[index];
        }
    }
    return NULL;
}

struct flowmancer_worker *flowmancer_roster_numbered(struct flowmancer_roster *roster, uint32_t number) {
    for (size_t index = 0; index < roster->count; index += 1) {
        if (roster->workers[index].number == number && roster->workers[index].ended == 0) {
            return &roster->workers[index];
        }
    }
    return NULL;
}

void flowmancer_roster_remove(struct flowmancer_roster *roster, struct flowmancer_worker *worker) {
    roster->count -= 1;
    *worker = roster->workers[roster->count];
}

void flowmancer_roster_leave(struct flowmancer_roster *roster) {
    *roster = (struct flowmancer_roster){0};
}
