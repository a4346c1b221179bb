/** The part of Avro's schema language that the files in schemas/ use. */
export type AvroType = string | AvroType[] | EnumSchema | ArraySchema | MapSchema | RecordSchema | LogicalType

export interface EnumSchema {
  readonly type: 'enum'
  readonly name: string
  readonly symbols: readonly string[]
  readonly default: string
}

export interface ArraySchema {
  readonly type: 'array'
  readonly items: AvroType
}

export interface MapSchema {
  readonly type: 'map'
  readonly values: AvroType
}

export interface LogicalType {
  readonly type: 'long' | 'int'
  readonly logicalType: string
}

export interface AvroField {
  readonly name: string
  readonly type: AvroType
  readonly doc?: string
}

export interface RecordSchema {
  readonly type: 'record'
  readonly name: string
  readonly doc?: string
  readonly fields: readonly AvroField[]
}
