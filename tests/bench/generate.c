/* SPDX-License-Identifier: MIT */
/*
 * generate: accounts as a Salesforce export shows them, for the benchmarks.
 * The same options give the same bytes everywhere; a row depends on its number
 * only, so two snapshots differ exactly by what -u, -d and -a say.
 *
 * usage: generate [-n ROWS] [-f csv|ndjson] [-u N] [-d N] [-a N]
 *
 *   -f csv     as Data Loader writes it: every cell quoted
 *      ndjson  one plain object a line
 *   -u -d -a   of 1000 rows, how many are updated, deleted and added
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIRST_DAY 14610 /* 2010-01-01, in days since 1970 */

enum column {
	ID, NAME, TYPE, STREET, CITY, STATE, POSTCODE, COUNTRY, PHONE, FAX,
	NUMBER, WEBSITE, SIC, INDUSTRY, REVENUE, EMPLOYEES, OWNERSHIP, TICKER,
	DESCRIPTION, RATING, OWNER, CREATED, MODIFIED, STAMP, EMAIL, COLUMNS
};

static const char *const names[COLUMNS] = {
	"Id", "Name", "Type", "BillingStreet", "BillingCity", "BillingState",
	"BillingPostalCode", "BillingCountry", "Phone", "Fax", "AccountNumber",
	"Website", "Sic", "Industry", "AnnualRevenue", "NumberOfEmployees",
	"Ownership", "TickerSymbol", "Description", "Rating", "OwnerId",
	"CreatedDate", "LastModifiedDate", "SystemModstamp", "Email__c"
};

/* A cell is text in the row's own memory. */
struct row {
	char text[COLUMNS][512];
	size_t length[COLUMNS];
	uint64_t chance; /* state of the row's own generator */
};

static const char *const first[] = {
	"Acme", "North", "Blue River", "Harbor", "Pioneer", "Summit", "Vertex",
	"Silver", "Delta", "M\303\274ller", "Garc\303\255a", "\303\230rsted",
	"Oak", "Quantum", "Nov\303\241k", "Red Rock", "Stella", "Union",
	"\346\235\261\344\272\254", "Atlas", "Bright", "Crown", "Evergreen"
};
static const char *const second[] = {
	"Logistics", "Foods", "Systems", "Energy", "Media", "Textiles",
	"Holding", "Partners", "Components", "Software", "Health", "Motors",
	"Consulting", "Printing", "Paper", "Steel", "Networks", "Insurance"
};
static const char *const legal[] = {
	" Inc.", " LLC", " GmbH", " AG", ", Inc.", " & Co. KG", " S.A.",
	" Ltd", " B.V.", ""
};
static const char *const types[] = {
	"Customer - Direct", "Customer - Channel", "Prospect",
	"Channel Partner / Reseller", "Technology Partner", "Other"
};
static const char *const streets[] = {
	"Main Street", "Oak Avenue", "Bahnhofstra\303\237e", "Rue de la Paix",
	"Market Square", "Industrial Road", "Hill Lane"
};
static const char *const cities[] = {
	"Berlin", "Fort Collins", "Z\303\274rich", "San Francisco", "Lyon",
	"Carnegie", "London", "Oslo", "M\303\241laga", "Haddon Heights"
};
static const char *const states[] = { "CA", "CO", "PA", "NJ", "NY", "" };
static const char *const countries[] = {
	"US", "USA", "United States", "Germany", "DE", "France", "UK", "Norway"
};
static const char *const industries[] = {
	"Agriculture", "Banking", "Biotechnology", "Construction", "Education",
	"Energy", "Healthcare", "Manufacturing", "Retail", "Technology", ""
};
static const char *const ownerships[] = {
	"Public", "Private", "Subsidiary", "Other", ""
};
static const char *const ratings[] = { "Hot", "Warm", "Cold", "" };
static const char *const notes[] = {
	"Met at the fair", "Asked for a quote, wants \"net 60\"",
	"Renewal due", "Reseller for the north", "Uses the old version",
	"Call the office first", "Contract signed", "Very important"
};

static uint32_t
next(struct row *r, uint32_t below)
{
	r->chance = r->chance * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((r->chance >> 32) * below >> 32);
}

#define PICK(r, array) (array)[next((r), COUNT(array))]

static void
put(struct row *r, enum column c, const char *text)
{
	size_t n = strlen(text);

	memcpy(r->text[c] + r->length[c], text, n);
	r->length[c] += n;
}

/* A number, at least `width` digits wide. */
static void
put_number(struct row *r, enum column c, uint64_t number, int width)
{
	char digits[24];
	size_t n = sizeof(digits);

	digits[--n] = '\0';
	for (; number || width > 0; number /= 10, width--)
		digits[--n] = (char)('0' + number % 10);
	put(r, c, digits + n);
}

static char
base62(uint64_t n)
{
	return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    [n % 62];
}

/* 15 characters, and the 3 that make it safe to compare without case. */
static void
put_id(struct row *r, enum column c, const char *prefix, uint64_t number)
{
	char id[19];

	memcpy(id, prefix, 3);
	memcpy(id + 3, "8d00000", 7);
	for (int i = 14; i >= 10; i--, number /= 62)
		id[i] = base62(number);
	for (int part = 0; part < 3; part++) {
		unsigned bits = 0;

		for (int i = 0; i < 5; i++) {
			char ch = id[5 * part + i];

			bits |= (unsigned)(ch >= 'A' && ch <= 'Z') << i;
		}
		id[15 + part] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits];
	}
	id[18] = '\0';
	put(r, c, id);
}

/* An instant in days since 1970 and milliseconds of the day. */
static void
put_instant(struct row *r, enum column c, uint32_t days, uint32_t ms)
{
	/* Days to civil date, by eras of 400 years. */
	uint32_t z = days + 719468, era = z / 146097, doe = z % 146097;
	uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint32_t mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;

	put_number(r, c, yoe + era * 400 + (month <= 2), 4);
	put(r, c, "-");
	put_number(r, c, month, 2);
	put(r, c, "-");
	put_number(r, c, doy - (153 * mp + 2) / 5 + 1, 2);
	put(r, c, "T");
	put_number(r, c, ms / 3600000, 2);
	put(r, c, ":");
	put_number(r, c, ms / 60000 % 60, 2);
	put(r, c, ":");
	put_number(r, c, ms / 1000 % 60, 2);
	put(r, c, ".");
	put_number(r, c, ms % 1000, 3);
	put(r, c, "Z");
}

static void
fill_name(struct row *r, uint64_t number)
{
	if (next(r, 100) < 3) {
		put(r, NAME, "\"");
		put(r, NAME, PICK(r, first));
		put(r, NAME, "\" ");
	} else {
		put(r, NAME, PICK(r, first));
		put(r, NAME, " ");
	}
	put(r, NAME, PICK(r, second));
	put(r, NAME, " ");
	put_number(r, NAME, number, 1);
	put(r, NAME, PICK(r, legal));
}

static void
fill_address(struct row *r)
{
	put_number(r, STREET, next(r, 400) + 1, 1);
	put(r, STREET, " ");
	put(r, STREET, PICK(r, streets));
	if (next(r, 100) < 8)
		put(r, STREET, "\nBuilding B");
	put(r, CITY, PICK(r, cities));
	put(r, STATE, PICK(r, states));
	put_number(r, POSTCODE, next(r, 99999), 5);
	put(r, COUNTRY, PICK(r, countries));
}

static void
fill_phone(struct row *r, enum column c)
{
	put(r, c, next(r, 2) ? "(" : "+1 (");
	put_number(r, c, 200 + next(r, 700), 3);
	put(r, c, ") ");
	put_number(r, c, next(r, 1000), 3);
	put(r, c, "-");
	put_number(r, c, next(r, 10000), 4);
}

static void
fill_reach(struct row *r, uint64_t number)
{
	fill_phone(r, PHONE);
	if (next(r, 100) < 10)
		fill_phone(r, FAX);
	put(r, WEBSITE, next(r, 2) ? "https://www.firm" : "www.firm");
	put_number(r, WEBSITE, number, 1);
	put(r, WEBSITE, ".example");
	put(r, EMAIL, next(r, 3) ? "office@firm" : " Office@Firm");
	put_number(r, EMAIL, number, 1);
	put(r, EMAIL, next(r, 3) ? ".example" : ".Example ");
}

static void
fill_business(struct row *r, uint64_t number)
{
	put(r, TYPE, PICK(r, types));
	put_number(r, NUMBER, number, 6);
	if (next(r, 100) < 40)
		put_number(r, SIC, next(r, 9999), 4);
	put(r, INDUSTRY, PICK(r, industries));
	if (next(r, 100) < 80) {
		put_number(r, REVENUE, next(r, 90000000), 1);
		put(r, REVENUE, next(r, 2) ? ".0" : ".55");
	}
	put_number(r, EMPLOYEES, next(r, 5000), 1);
	put(r, OWNERSHIP, PICK(r, ownerships));
	if (next(r, 100) < 10)
		put(r, TICKER, "ACME");
	put(r, RATING, PICK(r, ratings));
	if (next(r, 100) < 35) {
		put(r, DESCRIPTION, PICK(r, notes));
		put(r, DESCRIPTION, next(r, 100) < 10 ? ".\n" : "; ");
		put(r, DESCRIPTION, PICK(r, notes));
	}
}

static void
fill_times(struct row *r, int updated)
{
	uint32_t day = FIRST_DAY + next(r, 5000), ms = next(r, 86400000);
	uint32_t later = day + next(r, 1000), at = next(r, 86400000);

	if (updated) /* 2026-11-19 */
		later = 20776;
	put_id(r, OWNER, "005", next(r, 40));
	put_instant(r, CREATED, day, ms);
	put_instant(r, MODIFIED, later, at);
	put_instant(r, STAMP, later, at);
}

static void
fill(struct row *r, uint64_t number, int updated)
{
	memset(r->length, 0, sizeof(r->length));
	r->chance = (number + 1) * 0x9e3779b97f4a7c15u;
	put_id(r, ID, "001", number);
	fill_name(r, number);
	fill_address(r);
	fill_reach(r, number);
	fill_business(r, number);
	fill_times(r, updated);
	if (!updated)
		return;
	r->length[PHONE] = r->length[REVENUE] = 0;
	fill_phone(r, PHONE);
	put_number(r, REVENUE, 90000000 + next(r, 5000), 1);
	put(r, CITY, " Nord");
}

static void
write_csv(const struct row *r)
{
	for (int c = 0; c < COLUMNS; c++) {
		fputs(c ? ",\"" : "\"", stdout);
		for (size_t i = 0; i < r->length[c]; i++) {
			if (r->text[c][i] == '"')
				putchar_unlocked('"');
			putchar_unlocked(r->text[c][i]);
		}
		putchar_unlocked('"');
	}
	putchar_unlocked('\n');
}

static void
write_object(const struct row *r)
{
	for (int c = 0; c < COLUMNS; c++) {
		fputs(c ? ",\"" : "{\"", stdout);
		fputs(names[c], stdout);
		fputs("\":\"", stdout);
		for (size_t i = 0; i < r->length[c]; i++) {
			char ch = r->text[c][i];

			if (ch == '"')
				putchar_unlocked('\\');
			if (ch == '\n')
				fputs("\\n", stdout);
			else
				putchar_unlocked(ch);
		}
		putchar_unlocked('"');
	}
	putchar_unlocked('}');
}

static void
write_row(const struct row *r, char format)
{
	if (format == 'c') {
		write_csv(r);
		return;
	}
	write_object(r);
	putchar_unlocked('\n');
}

static void
write_header(void)
{
	for (int c = 0; c < COLUMNS; c++)
		printf("%s\"%s\"", c ? "," : "", names[c]);
	putchar_unlocked('\n');
}

/* Whether row `number` is among `share` of 1000, for one kind of change. */
static int
chosen(uint64_t number, uint64_t kind, unsigned long share)
{
	uint64_t x = (number * 4 + kind + 1) * 0x9e3779b97f4a7c15u;

	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9u;
	return (x >> 32) % 1000 < share;
}

int
main(int argc, char **argv)
{
	unsigned long rows = 1000000, updated = 0, deleted = 0, added = 0;
	static struct row row;
	char format = 'c';
	int option;

	while ((option = getopt(argc, argv, "n:f:u:d:a:")) != -1) {
		switch (option) {
		case 'n': rows = strtoul(optarg, NULL, 10); break;
		case 'f': format = optarg[0]; break;
		case 'u': updated = strtoul(optarg, NULL, 10); break;
		case 'd': deleted = strtoul(optarg, NULL, 10); break;
		case 'a': added = strtoul(optarg, NULL, 10); break;
		default: return 2;
		}
	}
	setvbuf(stdout, NULL, _IOFBF, 1 << 18);
	if (format == 'c')
		write_header();
	for (unsigned long i = 0; i < rows + rows * added / 1000; i++) {
		if (i < rows && chosen(i, 0, deleted))
			continue;
		fill(&row, i, i < rows && chosen(i, 1, updated));
		write_row(&row, format);
	}
	return fflush(stdout) || ferror(stdout) ? 3 : 0;
}
