#include "engine/autograd/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)64 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t used, size; /* bytes, this header included */
};

static size_t round_up(size_t size)
{
    return (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
}

static struct arena_block *add_block(struct arena *arena, size_t needed)
{
    size_t header = round_up(sizeof(struct arena_block));
    size_t size = needed + header > BLOCK_SIZE ? needed + header : BLOCK_SIZE;
    struct arena_block *block = aligned_alloc(ARENA_ALIGNMENT, size);
    if (!block)
        return NULL;
    memset(block, 0, size);
    *block = (struct arena_block){.next = arena->blocks, .used = header, .size = size};
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = round_up(size);
    struct arena_block *block = arena->blocks;
    if (!block || block->size - block->used < size)
        block = add_block(arena, size);
    if (!block)
        return NULL;
    void *result = (char *)block + block->used;
    block->used += size;
    return result;
}

void arena_clear(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
