# SPDX-License-Identifier: MIT
"""catalogue: the types of objects and their properties, as an account has
them before anybody adds one.

A property's line: NAME TYPE FIELDTYPE FLAGS, then for an enumeration its
values.  FLAGS, or -: r read only, c calculated, e its values are elsewhere
(owners, stages), d among those given when none are asked for.
"""

# plural, singular, type id, legacy name, scope, needed at creation (one of
# those joined by |)
TYPES = [
    ("contacts", "contact", "0-1", "CONTACT", "contacts",
     "email|firstname|lastname"),
    ("companies", "company", "0-2", "COMPANY", "companies", "name|domain"),
    ("deals", "deal", "0-3", "DEAL", "deals", "dealname dealstage"),
    ("tickets", "ticket", "0-5", "TICKET", "tickets",
     "subject hs_pipeline_stage"),
    ("line_items", "line_item", "0-8", "LINE_ITEM", "line_items", ""),
    ("tasks", "task", "0-27", "TASK", "contacts", "hs_timestamp"),
    ("notes", "note", "0-46", "NOTE", "contacts", "hs_timestamp"),
    ("meetings", "meeting_event", "0-47", "MEETING_EVENT", "contacts",
     "hs_timestamp"),
    ("calls", "call", "0-48", "CALL", "contacts", "hs_timestamp"),
    ("emails", "email", "0-49", "EMAIL", "contacts",
     "hs_timestamp hs_email_direction"),
    ("leads", "lead", "0-136", "LEAD", "leads", "hs_lead_name"),
]

STAGES = ("subscriber lead marketingqualifiedlead salesqualifiedlead "
          "opportunity customer evangelist other")
ADDRESS = """
address string text -
city string text -
state string text -
zip string text -
country string text -
phone string phonenumber -
"""
EVERY = """
hs_object_id number number rd
hs_merged_object_ids string text r
hubspot_owner_id enumeration select e
hs_created_by_user_id number number r
hs_object_source enumeration select r
"""
ACTIVITY = """
hs_createdate datetime date rd
hs_lastmodifieddate datetime date rd
hs_timestamp datetime date -
hs_attachment_ids enumeration checkbox e
"""

PROPERTIES = {
    "contacts": EVERY + ADDRESS + f"""
createdate datetime date rd
lastmodifieddate datetime date rd
email string text d
firstname string text d
lastname string text d
hs_additional_emails string text r
salutation string text -
jobtitle string text -
company string text -
website string text -
mobilephone string phonenumber -
fax string phonenumber -
date_of_birth string text -
lifecyclestage enumeration radio - {STAGES}
hs_lead_status enumeration radio - NEW OPEN IN_PROGRESS OPEN_DEAL UNQUALIFIED \
ATTEMPTED_TO_CONTACT CONNECTED BAD_TIMING
hs_buying_role enumeration checkbox - BLOCKER BUDGET_HOLDER CHAMPION \
DECISION_MAKER END_USER EXECUTIVE_SPONSOR INFLUENCER LEGAL_AND_COMPLIANCE OTHER
hs_email_optout bool booleancheckbox r
associatedcompanyid number number r
notes_last_updated datetime date r
hs_analytics_source enumeration select r ORGANIC_SEARCH DIRECT_TRAFFIC OFFLINE
hs_full_name_or_email string calculation_equation rc
""",
    "companies": EVERY + ADDRESS + f"""
createdate datetime date rd
hs_lastmodifieddate datetime date rd
name string text d
domain string text d
website string text -
description string textarea -
industry enumeration select - ACCOUNTING AUTOMOTIVE BANKING BIOTECHNOLOGY \
COMPUTER_SOFTWARE CONSTRUCTION EDUCATION_MANAGEMENT FINANCIAL_SERVICES \
HOSPITALITY INSURANCE INTERNET MANUFACTURING RETAIL UTILITIES
type enumeration select - PROSPECT PARTNER RESELLER VENDOR OTHER
lifecyclestage enumeration radio - {STAGES}
annualrevenue number number -
numberofemployees number number -
founded_year string text -
linkedin_company_page string text -
is_public bool booleancheckbox -
timezone string text -
hs_parent_company_id number number r
notes_last_updated datetime date r
hs_analytics_source enumeration select r ORGANIC_SEARCH DIRECT_TRAFFIC OFFLINE
total_revenue number number c
hs_total_deal_value number number c
hs_num_open_deals number calculation_rollup rc
""",
    "deals": EVERY + """
createdate datetime date rd
hs_lastmodifieddate datetime date rd
dealname string text d
amount number number d
dealstage enumeration radio ed
pipeline enumeration select ed
closedate datetime date d
dealtype enumeration radio - newbusiness existingbusiness
hs_analytics_source enumeration select r ORGANIC_SEARCH DIRECT_TRAFFIC OFFLINE
deal_currency_code enumeration select - USD EUR GBP CHF
description string textarea -
closed_lost_reason string textarea -
closed_won_reason string textarea -
hs_next_step string text -
hs_priority enumeration select - low medium high
hs_is_closed bool calculation_equation rc
hs_is_closed_won bool calculation_equation rc
hs_deal_stage_probability number calculation_equation rc
hs_primary_associated_company number number r
notes_last_updated datetime date r
""",
    "tickets": EVERY + """
createdate datetime date rd
hs_lastmodifieddate datetime date rd
subject string text d
content string textarea d
hs_pipeline enumeration select ed
hs_pipeline_stage enumeration select ed
hs_ticket_priority enumeration select d LOW MEDIUM HIGH URGENT
hs_ticket_category enumeration checkbox d PRODUCT_ISSUE BILLING_ISSUE \
FEATURE_REQUEST GENERAL_INQUIRY
closed_date datetime date r
""",
    "line_items": EVERY + """
createdate datetime date rd
hs_lastmodifieddate datetime date rd
name string text d
price number number d
quantity number number d
hs_sku string text -
hs_product_id number number -
amount number calculation_equation rc
""",
    "tasks": EVERY + ACTIVITY + """
hs_task_subject string text -
hs_task_body string textarea -
hs_task_status enumeration select - NOT_STARTED IN_PROGRESS WAITING \
COMPLETED DEFERRED
hs_task_priority enumeration select - NONE LOW MEDIUM HIGH
hs_task_type enumeration select - TODO CALL EMAIL
hs_task_completion_date datetime date r
""",
    "notes": EVERY + ACTIVITY + """
hs_note_body string html -
""",
    "meetings": EVERY + ACTIVITY + """
hs_meeting_title string text -
hs_meeting_body string html -
hs_internal_meeting_notes string html -
hs_meeting_start_time datetime date -
hs_meeting_end_time datetime date -
hs_meeting_location string text -
hs_meeting_external_url string text -
hs_meeting_outcome enumeration select - SCHEDULED COMPLETED RESCHEDULED \
NO_SHOW CANCELED
hs_activity_type enumeration select e
""",
    "calls": EVERY + ACTIVITY + """
hs_call_title string text -
hs_call_body string html -
hs_call_direction enumeration select - INBOUND OUTBOUND
hs_call_duration number number -
hs_call_status enumeration select - BUSY CALLING_CRM_USER CANCELED COMPLETED \
CONNECTING FAILED IN_PROGRESS NO_ANSWER QUEUED RINGING
hs_call_disposition string text -
hs_call_from_number string text -
hs_call_to_number string text -
hs_call_recording_url string text -
""",
    "emails": EVERY + ACTIVITY + """
hs_email_direction enumeration select - EMAIL INCOMING_EMAIL FORWARDED_EMAIL
hs_email_status enumeration select - BOUNCED FAILED SCHEDULED SENDING SENT
hs_email_subject string text -
hs_email_message_id string text -
hs_email_text string textarea -
hs_email_html string html -
hs_email_headers string textarea -
hs_email_from_email string text r
hs_email_to_email string text r
""",
    "leads": EVERY + """
hs_createdate datetime date rd
hs_lastmodifieddate datetime date rd
hs_lead_name string text d
hs_lead_label enumeration select - HOT WARM COLD
hs_lead_type enumeration select - NEW_BUSINESS UPSELL RE_ATTEMPTING
hs_lead_source enumeration select r INTEGRATION CRM_UI
hs_pipeline enumeration select e
hs_pipeline_stage enumeration select e
hs_associated_contact_firstname string text rc
hs_associated_contact_lastname string text rc
hs_associated_contact_email string text rc
hs_associated_company_name string text rc
""",
    "custom": EVERY + """
hs_createdate datetime date rd
hs_lastmodifieddate datetime date rd
""",
}

# type, pipeline, its label, then stages: id, label, probability or state
PIPELINES = [
    ("deals", "default", "Sales Pipeline", [
        ("appointmentscheduled", "Appointment Scheduled", "0.2"),
        ("qualifiedtobuy", "Qualified To Buy", "0.4"),
        ("presentationscheduled", "Presentation Scheduled", "0.6"),
        ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
        ("contractsent", "Contract Sent", "0.9"),
        ("closedwon", "Closed Won", "1.0"),
        ("closedlost", "Closed Lost", "0.0")]),
    ("deals", "renewals", "Renewals", [
        ("rn_open", "Open", "0.5"), ("rn_won", "Renewed", "1.0"),
        ("rn_lost", "Churned", "0.0")]),
    ("tickets", "0", "Support Pipeline", [
        ("1", "New", "OPEN"), ("2", "Waiting on contact", "OPEN"),
        ("3", "Waiting on us", "OPEN"), ("4", "Closed", "CLOSED")]),
    ("leads", "lead-pipeline-id", "Lead pipeline", [
        ("new-stage-id", "New", "NEW"),
        ("attempting-stage-id", "Attempting", "IN_PROGRESS"),
        ("connected-stage-id", "Connected", "IN_PROGRESS"),
        ("qualified-stage-id", "Qualified", "QUALIFIED"),
        ("unqualified-stage-id", "Unqualified", "UNQUALIFIED")]),
]

# The property that names the pipeline, and the one that names the stage.
STAGE_OF = {"deals": ("pipeline", "dealstage"),
            "tickets": ("hs_pipeline", "hs_pipeline_stage"),
            "leads": ("hs_pipeline", "hs_pipeline_stage")}

# from, to, unlabelled there and back, primary there and back
ASSOCIATIONS = [
    ("contacts", "companies", 279, 280, 1, 2),
    ("deals", "contacts", 3, 4, None, None),
    ("deals", "companies", 341, 342, 5, 6),
    ("tickets", "contacts", 16, 15, None, None),
    ("tickets", "companies", 339, 340, 26, 25),
    ("tickets", "deals", 28, 27, None, None),
    ("contacts", "contacts", 449, 449, None, None),
    ("companies", "companies", 450, 450, None, None),
    ("deals", "deals", 451, 451, None, None),
    ("deals", "line_items", 19, 20, None, None),
    ("notes", "contacts", 202, 201, None, None),
    ("notes", "companies", 190, 189, None, None),
    ("notes", "deals", 214, 213, None, None),
    ("notes", "tickets", 228, 227, None, None),
    ("tasks", "contacts", 204, 203, None, None),
    ("tasks", "companies", 192, 191, None, None),
    ("tasks", "deals", 216, 215, None, None),
    ("tasks", "tickets", 230, 229, None, None),
    ("meetings", "contacts", 200, 199, None, None),
    ("meetings", "companies", 188, 187, None, None),
    ("meetings", "deals", 212, 211, None, None),
    ("meetings", "tickets", 226, 225, None, None),
    ("calls", "contacts", 194, 193, None, None),
    ("calls", "companies", 182, 181, None, None),
    ("calls", "deals", 206, 205, None, None),
    ("calls", "tickets", 220, 219, None, None),
    ("emails", "contacts", 198, 197, None, None),
    ("emails", "companies", 186, 185, None, None),
    ("emails", "deals", 210, 209, None, None),
    ("emails", "tickets", 224, 223, None, None),
    ("leads", "contacts", 608, 607, 578, 579),
    ("leads", "companies", 610, 609, None, None),
]
