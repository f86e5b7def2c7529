/* The store's own file: opening, locking, modes, versions, full disks, backups. */
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/internal.h"
#include "tests/db/store.h"

static unsigned mode_of(const struct store *store, const char *name)
{
    struct stat info;
    assert_int_equal(stat(folder_path(&store->folder, name), &info), 0);
    return info.st_mode & 0777;
}

static void test_files_are_private(void **state)
{
    struct store *store = *state;
    store_launch(store);
    assert_int_equal(mode_of(store, "."), 0700);
    assert_int_equal(mode_of(store, "sweetspot.db"), 0600);
    assert_int_equal(mode_of(store, "sweetspot.db-wal"), 0600);
    assert_int_equal(mode_of(store, "sweetspot.db-shm"), 0600);
    assert_true(db_file_bytes(store->db) > 0);
    assert_int_equal(db_check_writable(store->db), DB_OK);
}

static void test_one_owner_at_a_time(void **state)
{
    struct store *store = *state;
    struct db *second;
    char reason[256];
    assert_int_equal(db_open(store->folder.path, &second, reason, sizeof reason),
                     DB_BUSY);
    assert_non_null(strstr(reason, store->folder.path));
}

static void test_what_was_written_is_there_again(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    db_close(store->db);
    store_open(store);
    struct db_run run = store_get(store, id);
    assert_string_equal(run.facts.layers, "784-128-10");
    db_run_clear(&run);
}

static void test_folders_are_made_all_the_way(void **state)
{
    struct store *store = *state;
    struct db *db;
    char dir[256];
    snprintf(dir, sizeof dir, "%s", folder_path(&store->folder, "a/b/"));
    assert_int_equal(db_open(dir, &db, NULL, 0), DB_OK);
    assert_int_equal(mode_of(store, "a"), 0700);
    assert_int_equal(mode_of(store, "a/b/sweetspot.db"), 0600);
    db_close(db);
    assert_int_equal(db_open(dir, &db, NULL, 0), DB_OK); /* the lock went with it */
    db_close(db);
}

/* A file that others could read is closed to them before anything is written. */
static void test_an_open_file_is_made_private(void **state)
{
    struct store *store = *state;
    db_close(store->db);
    assert_int_equal(chmod(folder_path(&store->folder, "sweetspot.db"), 0644), 0);
    store_open(store);
    store_launch(store);
    assert_int_equal(mode_of(store, "sweetspot.db"), 0600);
    assert_int_equal(mode_of(store, "sweetspot.db-wal"), 0600);
}

static void test_statuses_have_names(void **state)
{
    (void)state;
    for (int status = DB_OK; status <= DB_ERROR; status++)
        assert_true(strlen(db_status_name((enum db_status)status)) > 1);
}

static void test_a_newer_file_is_refused(void **state)
{
    struct store *store = *state;
    struct db *db;
    char reason[256], version[32], back[64];
    db_close(store->db);
    store_sql(store, "PRAGMA user_version", version, sizeof version);
    snprintf(back, sizeof back, "PRAGMA user_version = %s", version);
    store_sql(store, "PRAGMA user_version = 1000", NULL, 0);
    assert_int_equal(db_open(store->folder.path, &db, reason, sizeof reason), DB_NEWER);
    assert_non_null(strstr(reason, "newer"));
    store_sql(store, back, NULL, 0);
    store_open(store);
}

static void test_a_damaged_file_is_refused(void **state)
{
    struct store *store = *state;
    struct db *db;
    char reason[256];
    db_close(store->db);
    unlink(folder_path(&store->folder, "sweetspot.db-wal"));
    folder_write(folder_path(&store->folder, "sweetspot.db"),
                 "this is not a database, and long enough to be looked at as one", 62);
    assert_int_equal(db_open(store->folder.path, &db, reason, sizeof reason), DB_ERROR);
    assert_non_null(strstr(reason, "sweetspot.db"));
    unlink(folder_path(&store->folder, "sweetspot.db"));
    store_open(store);
}

static void test_a_folder_that_cannot_be_made(void **state)
{
    (void)state;
    struct db *db;
    char reason[256];
    assert_int_equal(db_open("", &db, reason, sizeof reason), DB_ERROR);
    assert_int_equal(db_open("/proc/nowhere/data", &db, reason, sizeof reason), DB_ERROR);
    assert_non_null(strstr(reason, "/proc/nowhere"));
}

static void test_a_full_disk_leaves_everything_as_it_was(void **state)
{
    struct store *store = *state;
    struct db_run_insert insert = store_insert("fills");
    char *notes = malloc(200001);
    memset(notes, 'x', 200000);
    notes[200000] = '\0';
    insert.notes = notes;
    int64_t id = store_launch(store), other = 0;
    bool existing;
    assert_int_equal(db_limit_pages(store->db, 1), DB_OK);
    assert_int_equal(db_run_create(store->db, &insert, &other, &existing), DB_FULL);
    assert_int_equal(other, 0);
    assert_int_equal(db_limit_pages(store->db, 0), DB_OK);
    assert_int_equal(db_run_create(store->db, &insert, &other, &existing), DB_OK);
    assert_int_equal(other, id + 1);
    free(notes);
}

static void test_a_backup_is_a_whole_store(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    const char *path = folder_path(&store->folder, "copy.db");
    assert_int_equal(db_backup(store->db, path), DB_OK);
    assert_int_equal(mode_of(store, "copy.db"), 0600);
    assert_int_equal(db_backup(store->db, path), DB_CONFLICT);
    assert_int_equal(db_backup(store->db, "/proc/nowhere/copy.db"), DB_ERROR);
    sqlite3 *copy;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &copy), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(copy, "SELECT max(id) FROM runs", -1, &statement, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(statement, 0), id);
    sqlite3_finalize(statement);
    sqlite3_close(copy);
}

enum { READERS = 12 /* more than the pool has */, WRITES = 100, POINTS = 5 };

struct reader {
    struct store *store;
    int64_t run;
    int failures; /* cmocka's assertions work in its own thread only */
};

/* What is read is always whole: a summary counts just the points that are there. */
static void *read_often(void *context)
{
    struct reader *reader = context;
    for (int i = 0; i < 100; i++) {
        struct db_run_query query = {.archived = -1, .limit = 10, .sort = "-last_step"};
        struct db_run_page page;
        struct db_point *points;
        size_t count;
        if (db_run_list(reader->store->db, &query, &page) == DB_OK) {
            reader->failures += page.runs[0].summary.points % POINTS != 0;
            db_run_page_clear(&page);
        } else {
            reader->failures++;
        }
        if (db_points(reader->store->db, reader->run, -1, 0, &points, &count) == DB_OK) {
            reader->failures += count % POINTS != 0;
            free(points);
        } else {
            reader->failures++;
        }
    }
    return NULL;
}

static void test_readers_and_a_writer_side_by_side(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store), step = 0;
    pthread_t threads[READERS];
    struct reader readers[READERS];
    for (size_t i = 0; i < READERS; i++) {
        readers[i] = (struct reader){store, id, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, &readers[i]), 0);
    }
    for (int i = 0; i < WRITES; i++) {
        struct db_point points[POINTS];
        for (int p = 0; p < POINTS; p++)
            points[p] = store_point(++step, 0.5);
        struct db_record record = store_record(id, points, POINTS);
        assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    }
    for (size_t i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].failures, 0);
    }
}

/* As a BEGIN or ROLLBACK leaves it that ran out of memory on its way. */
static void test_a_transaction_left_open_keeps_nobody_out(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    assert_int_equal(sqlite3_exec(store->db->writer, "BEGIN IMMEDIATE; DELETE FROM runs",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_true(store_launch(store) > id);
    struct db_run run;
    assert_int_equal(db_run_get(store->db, id, &run), DB_OK);
    db_run_clear(&run);
}

static void *launch_one(void *context)
{
    struct reader *writer = context;
    writer->run = store_launch(writer->store);
    return NULL;
}

/* Who writes again and again lets those in between that wait. */
static void test_writers_take_turns(void **state)
{
    struct store *store = *state;
    struct db *db = store->db;
    struct reader other = {.store = store};
    pthread_t thread;
    assert_int_equal(db_begin_write(db), DB_OK);
    assert_int_equal(pthread_create(&thread, NULL, launch_one, &other), 0);
    for (bool waits = false; !waits;) {
        pthread_mutex_lock(&db->write_lock);
        waits = db->next_ticket - db->now_serving == 2;
        pthread_mutex_unlock(&db->write_lock);
    }
    assert_int_equal(db_end_write(db, DB_OK), DB_OK);
    assert_int_equal(db_begin_write(db), DB_OK);
    struct db_run run = store_get(store, 1);
    db_run_clear(&run);
    assert_int_equal(db_end_write(db, DB_OK), DB_OK);
    pthread_join(thread, NULL);
    assert_int_equal(other.run, 1);
}

static void *claim_all(void *context)
{
    struct reader *claimer = context;
    int64_t id, before = 0;
    while (db_run_claim(claimer->store->db, &id) == DB_OK) {
        claimer->failures += id <= before; /* oldest first */
        before = id;
        claimer->run++;
    }
    return NULL;
}

static void test_each_run_is_claimed_by_one(void **state)
{
    struct store *store = *state;
    pthread_t threads[4];
    struct reader claimers[4];
    int64_t claimed = 0;
    for (int i = 0; i < 50; i++)
        store_launch(store);
    for (size_t i = 0; i < 4; i++) {
        claimers[i] = (struct reader){store, 0, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, claim_all, &claimers[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(claimers[i].failures, 0);
        claimed += claimers[i].run;
    }
    assert_int_equal(claimed, 50);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_files_are_private),
        STORE_TEST(test_one_owner_at_a_time),
        STORE_TEST(test_what_was_written_is_there_again),
        STORE_TEST(test_folders_are_made_all_the_way),
        STORE_TEST(test_an_open_file_is_made_private),
        STORE_TEST(test_statuses_have_names),
        STORE_TEST(test_a_newer_file_is_refused),
        STORE_TEST(test_a_damaged_file_is_refused),
        STORE_TEST(test_a_folder_that_cannot_be_made),
        STORE_TEST(test_a_full_disk_leaves_everything_as_it_was),
        STORE_TEST(test_a_backup_is_a_whole_store),
        STORE_TEST(test_readers_and_a_writer_side_by_side),
        STORE_TEST(test_a_transaction_left_open_keeps_nobody_out),
        STORE_TEST(test_writers_take_turns),
        STORE_TEST(test_each_run_is_claimed_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
