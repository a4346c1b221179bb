import type { Category, MerchantType } from '#schemas/types.ts'

/** Saved in states: a new one goes to the end. */
const categories = {
  OTHER: 0,
  AUTOMOTIVE: 1,
  BEAUTY: 2,
  DIGITAL: 3,
  DONATIONS: 4,
  ECOMMERCE: 5,
  EDUCATION: 6,
  ELECTRONICS: 7,
  ENTERTAINMENT: 8,
  FASHION: 9,
  FOOD_DINING: 10,
  FUEL: 11,
  GOVERNMENT: 12,
  GROCERIES: 13,
  HEALTHCARE: 14,
  HOME: 15,
  INSURANCE: 16,
  INVESTMENTS: 17,
  JEWELLERY: 18,
  LOANS_CARDS: 19,
  RENT_SERVICES: 20,
  TELECOM: 21,
  TRANSPORT: 22,
  TRAVEL: 23,
  UTILITIES: 24,
  TRANSFER: 25,
  INCOME: 26,
  CASH: 27,
} as const satisfies Record<Category, number>

const merchantTypes = {
  UNKNOWN: 0,
  CHAIN: 1,
  LOCAL: 2,
  ONLINE: 3,
  UTILITY: 4,
  GOVERNMENT: 5,
  INDIVIDUAL: 6,
} as const satisfies Record<MerchantType, number>

/** Numbers of categories are below this. */
export const CATEGORIES = Object.keys(categories).length

/** The number that stands for a category in what the scorer remembers. */
export const categoryCode = (category: Category): number => categories[category]

export const merchantTypeCode = (type: MerchantType): number => merchantTypes[type]
