/* SPDX-License-Identifier: MIT */
/* suggest_names: what people and vendors call each of our fields. */
#include "suggest.h"

/* Names by which a field goes, '|' between; entity "" is any. */
struct known {
	const char *entity, *field, *names;
};

static const struct known known[] = {
	{ "", "id", "id|record id" },
	{ "", "modified", "system modstamp|last modified date|modified on|"
	    "update time|hs lastmodifieddate|lastmodifieddate|updated at" },
	{ "", "deleted", "is deleted|deleted|archived" },
	{ "", "uid", "crm uid|crmuid" },
	{ "customer", "id", "id|record id|account id|company id|"
	    "organization id|accountid|hs object id|"
	    "(do not modify) account" },
	{ "contact", "id", "id|record id|contact id|person id|contactid|"
	    "hs object id" },
	{ "deal", "id", "id|record id|opportunity id|deal id|opportunityid|"
	    "hs object id" },
	{ "activity", "id", "id|record id|activity id|task id|activityid|"
	    "hs object id" },
	{ "lead", "id", "id|record id|lead id|leadid|hs object id" },
	{ "user", "id", "id|record id|user id|owner id|systemuserid" },
	{ "customer", "name", "name|account name|company name|company|"
	    "organization name|customer name|organisation" },
	{ "deal", "name", "name|title|topic|opportunity name|deal name|"
	    "dealname|deal title" },
	{ "lead", "name", "title|subject|topic|lead name|hs lead name|"
	    "lead title" },
	{ "user", "name", "name|full name|fullname" },
	{ "", "domain", "domain|company domain name|domain name" },
	{ "", "website", "website|website url|websiteurl|web site|homepage|"
	    "web address|url" },
	{ "", "email", "associated contact email|hs associated contact email|"
	    "email|email address|e mail|emailaddress1|work email|"
	    "primary email|internalemailaddress|email work" },
	{ "", "phone", "address1 telephone1|phone|phone number|telephone|"
	    "telephone1|main phone|business phone|account phone|work phone|"
	    "phone work|company phone" },
	{ "", "mobile", "mobile|mobile phone|mobilephone|cell phone|cell|"
	    "mobile phone number|phone mobile" },
	{ "", "fax", "fax|fax number|business fax|account fax" },
	{ "", "account_number", "account number|accountnumber|"
	    "customer number|customer id" },
	{ "customer", "type", "type|account type|company type|customer type|"
	    "customertypecode|relationship type" },
	{ "deal", "type", "type|opportunity type|deal type|dealtype" },
	{ "", "status", "status|lifecycle stage|lifecyclestage|statecode" },
	{ "lead", "status", "status|lead status|statuscode|status reason|"
	    "hs pipeline stage|lead pipeline stage" },
	{ "activity", "status", "statecode|status|task status|hs task status|"
	    "activity status" },
	{ "", "industry", "industry|industrycode" },
	{ "", "rating", "rating|account rating|lead rating|leadqualitycode|"
	    "hs lead label|lead label" },
	{ "", "ownership", "ownership|ownershipcode" },
	{ "", "annual_revenue", "annual revenue|annualrevenue|revenue" },
	{ "", "currency", "opportunity currency|value currency|"
	    "isocurrencycode|transactioncurrencyid isocurrencycode|currency|"
	    "currency iso code|deal currency code|currency of value|"
	    "currency code" },
	{ "", "employees", "employees|number of employees|numberofemployees|"
	    "employee count|no of employees" },
	{ "", "ticker", "ticker|ticker symbol|tickersymbol" },
	{ "customer", "street", "address value|street|billing street|"
	    "street address|address|address 1 street 1|address1 line1|"
	    "billing address line 1" },
	{ "customer", "city", "address locality|"
	    "city town village locality of address|city|billing city|"
	    "address 1 city|address1 city|town" },
	{ "customer", "state", "address admin area level 1|"
	    "state county of address|state|billing state|"
	    "billing state province|state region|state province|"
	    "address1 stateorprovince|address 1 state province|province" },
	{ "customer", "postal_code", "address postal code|"
	    "zip postal code of address|postal code|zip|zip code|postcode|"
	    "billing postal code|billing zip postal code|zip postal code|"
	    "address1 postalcode|address 1 zip postal code" },
	{ "customer", "country", "address country|country of address|country|"
	    "billing country|country region|address1 country|"
	    "address 1 country region" },
	{ "", "shipping_street", "shipping street|shipping address line 1|"
	    "address 2 street 1|address2 line1" },
	{ "", "shipping_city", "shipping city|address 2 city|address2 city" },
	{ "", "shipping_state", "shipping state|shipping state province|"
	    "address 2 state province|address2 stateorprovince" },
	{ "", "shipping_postal_code", "shipping postal code|"
	    "shipping zip postal code|address2 postalcode|"
	    "address 2 zip postal code" },
	{ "", "shipping_country", "shipping country|address2 country|"
	    "address 2 country region" },
	{ "", "street", "postal address value|postal address|street|"
	    "mailing street|street address|address|address1 line1|"
	    "address 1 street 1|address line 1|mailing address line 1" },
	{ "", "city", "postal address locality|"
	    "city town village locality of postal address|city|mailing city|"
	    "address1 city|address 1 city|town" },
	{ "", "state", "postal address admin area level 1|"
	    "state county of postal address|state|mailing state|"
	    "mailing state province|state region|state province|"
	    "address1 stateorprovince|address 1 state province|province" },
	{ "", "postal_code", "postal address postal code|"
	    "zip postal code of postal address|postal code|zip|zip code|"
	    "postcode|mailing postal code|mailing zip postal code|"
	    "zip postal code|address1 postalcode|address 1 zip postal code" },
	{ "", "country", "postal address country|country of postal address|"
	    "country|mailing country|country region|address1 country|"
	    "address 1 country region" },
	{ "", "linkedin", "linkedin|linkedin company page|linkedin profile|"
	    "linkedin url" },
	{ "", "description", "description|account description|notes|note|"
	    "contact description|deal description|comments|hs task body|"
	    "full comments|task notes" },
	{ "", "parent", "parent id|parent account id|parent company id|"
	    "hs parent company id|parentaccountid value" },
	{ "", "owner", "opportunity owner id|lead owner id|deal owner id|"
	    "company owner id|owner id|account owner id|hubspot owner id|"
	    "ownerid value|assigned to id|contact owner id" },
	{ "", "last_activity", "last activity date|last activity|"
	    "notes last updated" },
	{ "", "created", "lead created|created|created date|create date|"
	    "createdate|created on|createdon|add time|hs createdate|"
	    "created at|organization created|person created|deal created" },
	{ "", "first_name", "associated contact first name|"
	    "hs associated contact firstname|first name|firstname|"
	    "given name" },
	{ "", "last_name", "associated contact last name|"
	    "hs associated contact lastname|last name|lastname|surname|"
	    "family name" },
	{ "", "salutation", "salutation" },
	{ "", "title", "title|job title|jobtitle|position" },
	{ "", "department", "department" },
	{ "", "company", "associated company name|hs associated company name|"
	    "company|company name|companyname|account name|organization|"
	    "organization name|company account|org name" },
	{ "", "customer", "association companies|associated company ids|"
	    "account id|company id|"
	    "org id|organization id|associatedcompanyid|"
	    "primary associated company id|"
	    "parentcustomerid value|parentaccountid value|"
	    "hs primary associated company" },
	{ "", "contact", "association contacts|associated contact ids|"
	    "primary associated contact id|name id|contact id|"
	    "person id|contact person id|who id|parentcontactid value" },
	{ "lead", "customer", "association companies|"
	    "primary associated company id|parent account for lead id|"
	    "converted account id|organization id|parentaccountid value" },
	{ "lead", "contact", "association contacts|"
	    "primary associated contact id|parent contact for lead id|"
	    "converted contact id|person id|parentcontactid value" },
	{ "lead", "deal", "converted opportunity id" },
	{ "", "deal", "association deals|associated deal ids|deal id|"
	    "opportunity id" },
	{ "activity", "source", "activity source" },
	{ "call", "source", "activity source" },
	{ "email", "source", "activity source" },
	{ "meeting", "source", "activity source" },
	{ "note", "source", "activity source" },
	{ "", "source", "source|lead source|leadsource|leadsourcecode|"
	    "original source|original traffic source|hs analytics source|"
	    "source name|hs lead source" },
	{ "", "birthdate", "birthdate|birthday|date of birth" },
	{ "", "email_opt_out", "email opt out|has opted out of email|"
	    "hs email optout|unsubscribed from all email" },
	{ "", "reports_to", "reports to id" },
	{ "", "amount", "est value|value amount|amount|value|deal value|"
	    "estimatedvalue|est revenue|estimatedamount" },
	{ "", "stage", "stage|stage name|deal stage|dealstage|stage id|"
	    "stepname|pipeline phase" },
	{ "", "pipeline", "pipeline|pipeline id" },
	{ "", "probability", "probability|probability (%)|deal probability|"
	    "closeprobability|hs deal stage probability" },
	{ "", "close_date", "close date|closedate|expected close date|"
	    "estimatedclosedate|est close date" },
	{ "", "next_step", "next step|hs next step" },
	{ "", "closed", "is closed|closed|hs is closed|is deal closed" },
	{ "", "won", "is won|won|hs is closed won|is closed won" },
	{ "", "lost_reason", "lost reason|closed lost reason" },
	{ "", "subject", "subject|hs task subject|task title|hs call title|"
	    "call title|hs email subject|email subject|hs meeting title|"
	    "meeting name" },
	{ "", "kind", "type|kind|task subtype|event subtype|hs task type|"
	    "task type|activity type" },
	{ "", "priority", "priority|hs task priority|prioritycode" },
	{ "", "due", "due date|activity date|due date only|scheduledend|due|"
	    "hs timestamp" },
	{ "", "start", "start|start date|start date time|scheduledstart|"
	    "hs meeting start time|meeting start time|hs timestamp|"
	    "activity date" },
	{ "", "end", "end|end date time|actualend|actual end|"
	    "hs task completion date|completed at|hs meeting end time|"
	    "meeting end time" },
	{ "", "direction", "direction|hs call direction|call direction|"
	    "hs email direction|email direction" },
	{ "", "duration_ms", "hs call duration|call duration" },
	{ "", "outcome", "outcome|hs call disposition|call outcome|"
	    "hs meeting outcome|meeting outcome" },
	{ "", "from", "from|hs call from number|from number|"
	    "hs email from email|email from address" },
	{ "", "to", "to|hs call to number|to number|hs email to email|"
	    "email to address" },
	{ "call", "status", "status|hs call status|call status" },
	{ "email", "status", "status|hs email status|email send status" },
	{ "call", "description", "description|hs call body|call notes" },
	{ "meeting", "description", "description|hs meeting body|"
	    "meeting description" },
	{ "", "text", "text|hs email text|email body" },
	{ "", "html", "html|hs email html|email html" },
	{ "", "headers", "headers|hs email headers|email headers" },
	{ "", "message_id", "message id|hs email message id|"
	    "email message id" },
	{ "", "body", "body|hs note body|note body" },
	{ "meeting", "notes", "hs internal meeting notes|"
	    "internal meeting notes" },
	{ "meeting", "url", "hs meeting external url|external url" },
	{ "activity", "done", "closed|is closed|done|completed" },
	{ "", "location", "location value|location|hs meeting location|"
	    "meeting location" },
	{ "", "converted", "is converted|converted" },
	{ "", "username", "username|user name|domainname" },
	{ "", "active", "is active|active|active flag" },
};

const char *
suggest_names(struct span entity, struct span field)
{
	const char *any = NULL;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!span_eq(field, span_str(known[i].field)))
			continue;
		if (span_eq(entity, span_str(known[i].entity)))
			return known[i].names;
		if (!*known[i].entity)
			any = known[i].names;
	}
	return any;
}
