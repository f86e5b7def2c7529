/* Feeds every file of the folders it is given to a fuzz target, in the order of their
 * names: what has been found once is looked at in every `make test`, without libFuzzer.
 */
#include <dirent.h>
#include <sanitizer/common_interface_defs.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

const char *__asan_default_options(void);

static const char *current;

/* Called however the sanitizers end the process, abort's signal included. */
static void name_the_input(void)
{
    fprintf(stderr, "the input: %s\n", current);
}

const char *__asan_default_options(void)
{
    return "handle_abort=1";
}

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rbe");
    struct stat facts;
    REQUIRE(file && fstat(fileno(file), &facts) == 0);
    size_t size = (size_t)facts.st_size;
    uint8_t *bytes = malloc(size + 1);
    REQUIRE(bytes && fread(bytes, 1, size, file) == size);
    fclose(file);
    /* The sanitizer knows where a block ends, not where an input does. */
    uint8_t *exact = realloc(bytes, size ? size : 1);
    REQUIRE(exact);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        current = path;
        replay_file(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return count;
}

int main(int count, char **folders)
{
    int inputs = 0;
    __sanitizer_set_death_callback(name_the_input);
    for (int i = 1; i < count; i++) {
        int found = replay_folder(folders[i]);
        if (found <= 0) {
            fprintf(stderr, "%s: no inputs there\n", folders[i]);
            return 1;
        }
        inputs += found;
    }
    printf("%d inputs replayed\n", inputs);
    return 0;
}
