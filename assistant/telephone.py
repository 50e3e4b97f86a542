"""Telephone numbers as they are typed in France and overseas, in one form."""

import phonenumbers

# A number without its country code may be of any of these; the first plan in which it is valid counts. The six digits
# of the Pacific's plans are left out: too many things typed look like them.
PLANS = ("FR", "RE", "YT", "GP", "MQ", "GF")


def normalised(typed: str) -> str | None:
    """A number in E.164 (« +33612345678 »), None when it is not a telephone number."""
    for plan in PLANS:
        try:
            number = phonenumbers.parse(typed, plan)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and number.extension is None:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def readable(number: str) -> str:
    """A number in E.164 as it is read and dialled in France: « 06 12 34 56 78 », « +32 2 123 45 67 »."""
    parsed = phonenumbers.parse(number)
    of_france = phonenumbers.region_code_for_number(parsed) in PLANS
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.NATIONAL if of_france else form.INTERNATIONAL)
