/* SPDX-License-Identifier: MIT */
#include "nickname.h"

/* Names of one person a line; some names stand in several. */
static const char *const lines[] = {
	"alexander alex sasha sandy xander", "alexandra alex sasha sandra",
	"andrew andy drew", "andreas andi", "anthony tony", "benjamin ben",
	"catherine katherine kathryn cathy kathy kate katie",
	"charles charlie chuck", "christian chris", "christopher chris kit",
	"christine christina chris tina", "daniel dan danny",
	"david dave davy", "deborah debra debbie deb", "donald don donnie",
	"dorothy dot dottie", "edward ed eddie ted ned", "eleanor ellie nell",
	"elizabeth elisabeth liz lizzie beth betty eliza", "frances fran",
	"francis frank", "frederick fred freddie", "friedrich fritz",
	"gerald gerry jerry", "gregory greg", "hans johannes johann",
	"harold harry hal", "henry harry hank", "isabella bella izzy",
	"jacob jake", "james jim jimmy jamie", "jeffrey geoffrey jeff geoff",
	"jennifer jen jenny", "jessica jess jessie", "john jack johnny jon",
	"jonathan jon jonny", "jose pepe", "joseph joe joey josef sepp",
	"joshua josh", "judith judy", "kenneth ken kenny", "lawrence larry",
	"leonard len lenny", "lewis louis lou", "margaret maggie meg peggy",
	"maria mary", "martin marty", "matthew matt", "matthias matthi",
	"maximilian max", "michael mike mick mickey micha", "nathan nate",
	"nathaniel nate nat", "nicholas nick nicolas", "olivia liv",
	"pamela pam", "patricia pat patty tricia trish", "patrick pat paddy",
	"peter pete", "philip phillip phil", "raymond ray", "rebecca becky",
	"richard rick dick rich ricky", "robert rob bob bobby robbie bert",
	"ronald ron ronnie", "russell russ", "samantha sam",
	"samuel sam sammy", "sebastian seb basti", "stephanie steph steffi",
	"stephen steven steve stefan stephan", "susan sue susie",
	"theodore ted teddy theo", "thomas tom tommy", "timothy tim",
	"ulrich uli", "valentina val", "victoria vicky tori", "vincent vince",
	"walter walt", "wilhelm willi", "william bill will billy willy liam",
	"wolfgang wolf", "zachary zach",
};

static bool
has_word(const char *line, struct span word)
{
	const char *at = strchr(line, *word.ptr);

	for (; at; at = strchr(at + 1, *word.ptr))
		if ((at == line || at[-1] == ' ') && strncmp(at, word.ptr,
		    word.len) == 0 && (at[word.len] == ' ' || !at[word.len]))
			return true;
	return false;
}

bool
nickname_same(struct span a, struct span b)
{
	if (!a.len || !b.len)
		return false;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (has_word(lines[i], a) && has_word(lines[i], b))
			return true;
	return false;
}
