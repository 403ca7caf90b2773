# SPDX-License-Identifier: MIT
"""people: the records an account begins with, by the seed.

All names are invented.  Three in five of each type came in one import: they
share one time of modification.
"""
from ..clock import iso, parse
from .catalogue import STAGES
from .store import Row

BEGAN = parse("2025-01-06T08:00:00.000Z")
MINUTE = 60000

FIRST = ("Ada Björn Chiara Dmitri Élodie Farid Grete Hiro Ines João Katrin "
         "Luís Mette Noor Oskar Priya Quentin Rosa Søren Tomáš Uma Viktor "
         "Wanda Xenia Yusuf Zoë").split()
LAST = ("Adler Böhm Costa Duval Eriksen Fischer García Hansen Ito Jansen "
        "Kowalski Lindqvist Müller Novák O'Neil Petit Quist Rossi Schmidt "
        "Tanaka Ulrich Vega Weiß Young Zimmermann").split()
KIND = ("Logistics Foods Robotics Textiles Optics Energy Paper Travel Glass "
        "Software Timber Metals").split()
FORM = ["GmbH", "AG", "Ltd", "Inc.", "S.r.l.", "& Söhne", "AB", "B.V."]
PLACES = [("Berlin", "", "10115", "Germany"), ("Wien", "", "1010", "Austria"),
          ("Lyon", "", "69001", "France"), ("Porto", "", "4000", "Portugal"),
          ("Austin", "TX", "78701", "United States"),
          ("Boston", "MA", "02108", "United States"),
          ("Osaka", "", "530-0001", "Japan")]
INDUSTRIES = ["MANUFACTURING", "COMPUTER_SOFTWARE", "RETAIL", "BANKING"]
OWNERS = [("Ann", "Ng"), ("Ben", "Osei"), ("Cleo", "Marsh"), ("Dan", "Iyer"),
          ("Eva", "Roth")]


class People:
    def __init__(self, kind, count):
        self.kind, self.store, self.random = kind, kind.store, kind.random
        for first, last in OWNERS:
            kind.owners.add(first, last)
        kind.owners.add("Finn", "Left", archived=True)
        companies = self.many("companies", count, self.company)
        contacts = self.many("contacts", 2 * count, self.contact)
        deals = self.many("deals", count // 2, self.deal)
        self.link("contacts", contacts, "companies", companies)
        self.link("deals", deals, "companies", companies)
        self.link("deals", deals, "contacts", contacts)
        for name, make in (("tasks", self.task), ("notes", self.note),
                           ("meetings", self.meeting), ("calls", self.call),
                           ("emails", self.email)):
            rows = self.many(name, count // 5, make)
            self.link(name, rows, "contacts", contacts)
            self.link(name, rows, "companies", companies)
        leads = self.many("leads", count // 5, self.lead)
        self.link("leads", leads, "contacts", contacts)
        tickets = self.many("tickets", count // 10, self.ticket)
        self.link("tickets", tickets, "companies", companies)
        items = self.many("line_items", count // 10, self.item)
        self.link("line_items", items, "deals", deals)

    def many(self, name, count, make):
        table = self.store.tables[name]
        ids = []
        for number in range(count):
            at = BEGAN if number < count * 3 // 5 else \
                BEGAN + number * 7 * MINUTE
            properties = {key: value for key, value in make(number).items()
                          if value}
            properties["hubspot_owner_id"] = self.random.choice(
                self.kind.owners.ids())
            row = Row(self.store.new_id(table), properties, at, at)
            self.store.seed(table, self.kind.records.stamped(table, row))
            ids.append(row.id)
        return ids

    def link(self, name, ids, other, others):
        """Each of ids with one of others."""
        if not others:
            return
        a, b = self.store.tables[name], self.store.tables[other]
        for number, id_ in enumerate(ids):
            self.kind.links.seed(a, id_, b, others[number % len(others)])

    def pick(self, values):
        return self.random.choice(values)

    def phone(self):
        return f"+49 30 {self.random.randint(1000000, 9999999)}"

    def place(self):
        city, state, code, country = self.pick(PLACES)
        return {"city": city, "state": state, "zip": code, "country": country,
                "address": f"{self.pick(LAST)}straße "
                f"{self.random.randint(1, 99)}", "phone": self.phone()}

    def company(self, number):
        name = f"{self.pick(LAST)} {self.pick(KIND)} {self.pick(FORM)}"
        domain = f"c{number}.example"
        return {"name": name, "domain": domain,
                "website": f"https://www.{domain}",
                "industry": self.pick(INDUSTRIES),
                "lifecyclestage": self.pick(STAGES.split()),
                "annualrevenue": str(self.random.randint(1, 900) * 10000),
                "numberofemployees": str(self.random.randint(1, 5000)),
                **self.place()}

    def contact(self, number):
        first, last = self.pick(FIRST), self.pick(LAST)
        return {"firstname": first, "lastname": last, "jobtitle":
                self.pick(["CEO", "Buyer", "Head of IT", "Assistant"]),
                "email": f"p{number}@c{number // 2}.example",
                "lifecyclestage": self.pick(STAGES.split()), **self.place()}

    def deal(self, number):
        stages = list(self.kind.pipelines.of("deals")["default"]["stages"])
        return {"dealname": f"{self.pick(KIND)} {number}", "pipeline":
                "default", "dealstage": self.pick(stages),
                "amount": f"{self.random.randint(100, 99999)}.50",
                "closedate": iso(BEGAN + number * 1440 * MINUTE),
                "dealtype": self.pick(["newbusiness", "existingbusiness"])}

    @staticmethod
    def when(number):
        return iso(BEGAN + number * 60 * MINUTE)

    def task(self, number):
        return {"hs_timestamp": self.when(number), "hs_task_subject":
                f"Call back {number}", "hs_task_status": self.pick(
                    ["NOT_STARTED", "COMPLETED"]), "hs_task_type": "TODO",
                "hs_task_priority": "NONE"}

    def note(self, number):
        return {"hs_timestamp": self.when(number),
                "hs_note_body": f"<p>Seen at the fair, stand {number}</p>"}

    def meeting(self, number):
        start = self.when(number)
        return {"hs_timestamp": start, "hs_meeting_start_time": start,
                "hs_meeting_end_time": iso(parse(start) + 30 * MINUTE),
                "hs_meeting_title": f"Review {number}",
                "hs_meeting_outcome": "SCHEDULED"}

    def call(self, number):
        return {"hs_timestamp": self.when(number), "hs_call_title":
                f"Call {number}", "hs_call_duration": "61000",
                "hs_call_direction": "OUTBOUND",
                "hs_call_status": "COMPLETED"}

    def email(self, number):
        return {"hs_timestamp": self.when(number), "hs_email_direction":
                "EMAIL", "hs_email_status": "SENT",
                "hs_email_subject": f"Offer {number}",
                "hs_email_text": "As agreed."}

    def lead(self, number):
        return {"hs_lead_name": f"Lead {number}", "hs_lead_label":
                self.pick(["HOT", "WARM", "COLD"]),
                "hs_pipeline": "lead-pipeline-id",
                "hs_pipeline_stage": "new-stage-id"}

    def ticket(self, number):
        return {"subject": f"Question {number}", "hs_pipeline": "0",
                "hs_pipeline_stage": "1", "hs_ticket_priority": "LOW"}

    def item(self, number):
        return {"name": f"Licence {number}", "price": "99.00",
                "quantity": "3", "hs_sku": f"L-{number}"}
