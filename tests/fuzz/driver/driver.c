/* SPDX-License-Identifier: MIT */
/*
 * driver: runs a fuzz target without libFuzzer, for `make test`: every seed
 * of tests/fuzz/NAME/, every truncation of it, and small changes to it, the
 * same ones each time.  Speaks TAP: a crash is a test that died, and the last
 * input tried is then found in $TMPDIR/NAME.crash.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEED_BYTES (1u << 20) /* most that is read of one seed */
#define CHANGES 400           /* changed copies tried of one seed */
#define CUTS 400              /* truncations tried of one seed */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is being tried, in a shared mapping that outlives a crash. */
static uint8_t *trying;
static uint64_t state = 1;

static uint32_t
next(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return below ? (uint32_t)(state >> 33) % below : 0;
}

/* A copy of exactly its size, so that a read past it is seen. */
static void
try(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		abort();
	memcpy(exact, data, size);
	memcpy(trying + sizeof(size), data, size);
	memcpy(trying, &size, sizeof(size));
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static size_t
change(uint8_t *data, size_t size)
{
	static const char odd[] =
	    "\"\\,:{}[]\r\n\t'#0e-.\xc3\xed\xf4\0\x7f\xff";
	uint32_t at = next((uint32_t)size);

	switch (next(4)) {
	case 0:
		data[at] = (uint8_t)odd[next(sizeof(odd) - 1)];
		return size;
	case 1:
		data[at] ^= (uint8_t)(1u << next(8));
		return size;
	case 2: /* a piece goes */
		memmove(data + at, data + at + (size - at) / 2,
		    size - at - (size - at) / 2);
		return size - (size - at) / 2;
	default: /* a piece comes twice */
		if (size - at > SEED_BYTES)
			return size;
		memcpy(data + size, data + at, size - at);
		return size + size - at;
	}
}

static void
try_seed(const uint8_t *seed, size_t size)
{
	static uint8_t copy[3 * SEED_BYTES];
	size_t cut = size / CUTS + 1;

	try(seed, size);
	for (size_t n = 0; n < size; n += cut)
		try(seed, n);
	for (int i = 0; i < CHANGES && size; i++) {
		size_t changed = size;

		memcpy(copy, seed, size);
		for (uint32_t times = next(3) + 1; times && changed &&
		    changed <= SEED_BYTES; times--)
			changed = change(copy, changed);
		try(copy, changed);
	}
}

static size_t
read_seed(const char *path, uint8_t *seed)
{
	FILE *file = fopen(path, "rb");
	size_t size = 0;

	if (file) {
		size = fread(seed, 1, SEED_BYTES, file);
		fclose(file);
	}
	return size;
}

static const char *
stem(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* tests/fuzz/NAME beside .build/asan/fuzz/NAME */
static DIR *
open_seeds(const char *self, char *folder, size_t room)
{
	const char *build = strstr(self, ".build/");
	int before = build ? (int)(build - self) : 0;

	snprintf(folder, room, "%.*stests/fuzz/%s", before, self, stem(self));
	return opendir(folder);
}

static void
open_trying(const char *self)
{
	const char *folder = getenv("TMPDIR");
	size_t room = 4 * SEED_BYTES;
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.crash", folder ? folder : "/tmp",
	    stem(self));
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)room))
		abort();
	trying = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (trying == MAP_FAILED)
		abort();
	close(fd);
}

int
main(int argc, char **argv)
{
	static uint8_t seed[SEED_BYTES];
	struct dirent *entry;
	char folder[2048], path[4096];
	int count = 0;
	DIR *dir;

	open_trying(argv[0]);
	for (int i = 1; i < argc; i++)
		try(seed, read_seed(argv[i], seed));
	if (argc > 1)
		return 0;
	try(seed, 0);
	printf("ok %d - nothing\n", ++count);
	dir = open_seeds(argv[0], folder, sizeof(folder));
	for (entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		try_seed(seed, read_seed(path, seed));
		printf("ok %d - %s and what is like it\n", ++count,
		    entry->d_name);
		fflush(stdout);
	}
	if (dir)
		closedir(dir);
	printf("%sok %d - there are seeds\n1..%d\n", dir ? "" : "not ",
	    count + 1, count + 1);
	return dir ? 0 : 1;
}
