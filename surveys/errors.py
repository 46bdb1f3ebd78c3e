"""What the surveys part refuses to do.

SurveyError     the message is one clear Vietnamese sentence that can be shown as it is
└── RuleError   a rule set that cannot be used; the sentence names the file and the key
"""


class SurveyError(Exception):
    """Something asked of a survey that cannot be done; the message is one clear Vietnamese sentence."""
