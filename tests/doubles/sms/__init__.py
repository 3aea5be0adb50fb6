"""The double of an SMS gateway in the dialect of sms.ru: accepts, refuses, delivers later, runs out of money."""
