// Lists of workers.
#include "keeper_private.h"

#include <stdlib.h>

bool flowmancer_roster_reserve(struct flowmancer_roster *roster) {
    if (roster->count < roster->capacity) {
        return true;
    }
    size_t capacity = roster->capacity == 0 ? 64 : roster->capacity * 2;
    struct flowmancer_worker *grown = realloc(roster->workers, capacity * sizeof *grown);
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

void flowmancer_roster_clear(struct flowmancer_roster *roster) {
    free(roster->workers);
    *roster = (struct flowmancer_roster){0};
}
