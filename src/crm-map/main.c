/* SPDX-License-Identifier: MIT */
/* crm-map: records between a system's shape and the canonical one. */
#include "account.h"
#include "stage.h"

static struct {
	bool to, check, suggest, subset, part;
	const char *live, *object;
} opt;

static const struct opt opts[] = {
	{ 't', "to", NULL, "show operations and records in the target's names",
	    OPT_FLAG, &opt.to, 0, 0 },
	{ 'c', "check", NULL, "check the mappings and exit", OPT_FLAG,
	    &opt.check, 0, 0 },
	{ 0, "suggest", NULL, "propose a mapping from the description on"
	    " stdin", OPT_FLAG, &opt.suggest, 0, 0 },
	{ 0, "live", "SYSTEM", "check against SYSTEM's account, or suggest"
	    " from it", OPT_STRING, &opt.live, 0, 0 },
	{ 'o', "object", "OBJECT", "suggest from this object of the account",
	    OPT_STRING, &opt.object, 0, 0 },
	{ 0, "subset", NULL, "the input is a subset on purpose", OPT_FLAG,
	    &opt.subset, 0, 0 },
	{ 0, "part", NULL, "the input is a piece of a stream, cut by lines",
	    OPT_FLAG, &opt.part, 0, 0 },
	OPT_END
};

static const struct run_program program = {
	.name = "crm-map",
	.synopsis = "[--to | --check | --suggest] [--live SYSTEM]"
	    " [--subset | --part] MAPPING...",
	.opts = opts,
	.min_operands = 0,
	.max_operands = -1,
};

/* The mappings named, and the lines of stdin through them. */
static void
map(struct run *run)
{
	struct filter f = { .run = run, .subset = opt.subset,
		.part = opt.part };
	struct where nowhere = { 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	struct stage stage;
	struct err e;
	enum rc rc;

	rc = stage_open(&stage, run->operand, &e);
	f.stage = &stage;
	if (rc)
		run_problem(run, &nowhere, rc, &e);
	else if (opt.to)
		show_run(&f);
	else
		convert_run(&f);
	stage_close(&stage);
}

static void
refuse(struct run *run, const char *why)
{
	struct err e;

	run_fatal(run, err_set(&e, RC_CONFIG, "%s", why), &e);
}

/* What goes with what. */
static void
check_call(struct run *run)
{
	struct err e;

	if (opt.to + opt.check + opt.suggest > 1)
		refuse(run, "--to, --check and --suggest exclude each"
		    " other");
	if (opt.part && (opt.to || opt.subset))
		refuse(run, "--part goes with neither --to nor --subset");
	if (opt.suggest && run->operands != 1)
		refuse(run, "--suggest takes one ENTITY.SYSTEM");
	if (opt.live && !opt.check && !opt.suggest)
		refuse(run, "--live goes with --check or --suggest");
	if (opt.object && !(opt.live && opt.suggest))
		refuse(run, "--object goes with --suggest --live");
	if (!run->operands && !(opt.check && opt.live))
		run_fatal(run, err_set(&e, RC_CONFIG, "usage: %s %s (see "
		    "--help)", program.name, program.synopsis), &e);
}

int
main(int argc, char **argv)
{
	struct run run;

	account_beside(argv[0]);
	run_open(&run, &program, argc, argv);
	check_call(&run);
	if (opt.check)
		check_run(&run, run.operand, opt.live);
	else if (opt.suggest)
		suggest_run(&run, run.operand[0], opt.live, opt.object);
	else
		map(&run);
	return run_close(&run);
}
