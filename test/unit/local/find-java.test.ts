import { describe, expect, test } from 'vitest'
import { chooseJava, parseJavaVersion } from '#infra/local/find-java.ts'

describe('the version in what java says of itself', () => {
  test.each([
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)', 17],
    ['openjdk version "25.0.1" 2025-10-21 LTS', 25],
    ['openjdk version "26-ea" 2026-03-17', 26],
    ['java version "1.8.0_402"', 8],
    ['Picked up JAVA_TOOL_OPTIONS: -Dversion=99\nopenjdk version "21.0.2" 2024-01-16', 21],
  ])('%s', (output, version) => {
    expect(parseJavaVersion(output)).toBe(version)
  })

  test('is absent in the words of something else', () => {
    expect(parseJavaVersion('The operation couldn’t be completed. Unable to locate a Java Runtime.')).toBeUndefined()
  })
})

describe('the Java that is chosen', () => {
  test('is the newest, and the first among equals', () => {
    const found = [
      { path: 'a', version: 17 },
      { path: 'b', version: 21 },
      { path: 'c', version: 25 },
      { path: 'd', version: 25 },
    ]
    expect(chooseJava(found)?.path).toBe('c')
  })

  test('is none when all are too old', () => {
    expect(
      chooseJava([
        { path: 'a', version: 17 },
        { path: 'b', version: 20 },
      ]),
    ).toBeUndefined()
  })
})
